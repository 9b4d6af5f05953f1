#include "call.hpp"

#include "base/hash.hpp"
#include "result.hpp"

namespace belay::runtime {

using fallback::AttemptEnd;
using fallback::Reason;
namespace action = fallback::action;

namespace {

constexpr Millis end_mark_grace{1000};   // behind a finish reason; usage may still come
constexpr Millis timer_slack{2};   // timers of different threads for the same moment

}  // namespace

CallTask::CallTask(Engine& engine, LoopThread& home, CallRequest request, std::shared_ptr<Observer> observer)
    : Resident(&engine), engine_(engine), home_(home), request_(std::move(request)), observer_(std::move(observer)), arrival_(engine.clock.mono()) {}

/// Runs `then` on the loop, unless the call is over by then.
template <typename Then>
void CallTask::on_loop(Then then) {
  home_.loop().post([self = self(), then = std::move(then)]() mutable {
    if (!self->over_) then(*self);
  });
}

// ------------------------------------------------------------------------------------------------------------------------- start

void CallTask::launch() {
  if (!request_.id) request_.id = make_ulid(engine_.clock.unix_ms());
  plan();
  if (home_.loop().on_loop_thread()) begin();
  else home_.loop().post([self = self()] { self->begin(); });
}

bool CallTask::plan() {
  const auto refuse = [this](Reason reason, std::string why, std::string param = {}) {
    unusable_ = refused_before_planning(*request_.id, request_.target ? *request_.target : request_.route.value_or(""), reason, std::move(why));
    unusable_->param = std::move(param);
    return false;
  };
  auto body = CallBody::parse(std::move(request_.body), request_.wire, request_.operation);
  if (auto* misfit = std::get_if<wires::Misfit>(&body)) return refuse(Reason::bad_request, std::move(misfit->message), std::move(misfit->member));
  body_ = std::get<std::unique_ptr<CallBody>>(std::move(body));
  if (auto member = body_->own().mistyped(); !member.empty()) {
    std::string why = "the request is not usable: " + member + (member == "model" ? " must be a string" : " must be true or false");
    return refuse(Reason::bad_request, std::move(why), std::move(member));
  }
  if (request_.operation == "chat" && request_.wire == "openai.chat/1") {
    const auto* messages = body_->own().find("messages");
    if (messages == nullptr || messages->value.front() != '[')
      return refuse(Reason::bad_request, "the request is not usable: messages " + std::string(messages == nullptr ? "is missing: it must be a list" : "must be a list"), "messages");
  }
  auto plan = engine_.planner->plan(request_.route, request_.target, request_.route || request_.target ? std::string() : body_->own().model());
  if (!plan) return refuse(Reason::model_unavailable, plan.error().message, "model");
  plan_ = std::move(*plan);
  if (request_.operation == "chat") {
    if (auto merged = body_->add_defaults(plan_.chain->route.params); !merged) return refuse(Reason::bad_request, merged.error().message);
  }
  streamed_ = request_.operation == "chat" && (request_.stream ? *request_.stream : body_->own().stream());
  if (!observer_->on_plan({.route = plan_.chain->route.name, .direct = plan_.chain->direct, .streamed = streamed_})) {
    over_ = true;
    return false;
  }
  machine_.emplace(engine_.world(), plan_.chain, body_->members(), *request_.id, arrival_, request_.deadline.value_or(plan_.chain->route.deadline));
  return true;
}

void CallTask::begin() {
  if (over_) return;  // not admitted
  home_.move_in(self());
  if (unusable_) {
    over_ = true;
    report(*unusable_);
    home_.move_out(self());
    return;
  }
  timer_.emplace(home_.loop(), [this] { on_timer(); });
  if (plan_.gate != nullptr) {
    ticket_ = plan_.gate->enter([self = self()] {
      self->home_.loop().post([self] {
        if (self->over_) return self->plan_.gate->leave();
        self->ticket_ = 0;
        self->enter();
      });
    });
    if (ticket_ != 0) return arm();
  }
  enter();
}

void CallTask::enter() {
  placed_ = plan_.gate != nullptr;
  drive(machine_->start());
}

// ------------------------------------------------------------------------------------------------------------------------- drive

void CallTask::drive(fallback::Action next) {
  for (;;) {
    ++step_;
    wake_.reset();
    tell_verdicts();
    if (std::holds_alternative<action::Finish>(next)) return finish();
    if (const auto* attempt = std::get_if<action::Attempt>(&next)) {
      auto after = perform(*attempt);
      if (!after) break;
      next = std::move(*after);
      continue;
    }
    if (const auto* wait = std::get_if<action::Wait>(&next)) perform(*wait);
    if (const auto* refresh = std::get_if<action::Refresh>(&next)) perform(*refresh);
    if (const auto* load = std::get_if<action::Load>(&next)) perform(*load);
    break;
  }
  arm();
}

std::optional<fallback::Action> CallTask::perform(const action::Attempt& attempt) {
  observer_->on_attempt(machine_->trace().attempts.back());
  if (attempt.renew) refresh_ahead(attempt);
  Mission mission{.chain = plan_.chain, .target = *attempt.target, .route = plan_.chain->route, .credential = attempt.credential, .adjusted = attempt.adjusted, .limit = attempt.limit,
                  .body = *body_, .operation = request_.operation, .wire = request_.wire, .id = *request_.id, .streamed = streamed_, .traceparent = traceparent()};
  malformed_.clear();
  began_ = last_content_ = engine_.clock.mono();
  limit_ = attempt.limit;
  auto started = Exchange::start(engine_, home_, std::move(mission), *this);
  if (auto* end = std::get_if<AttemptEnd>(&started)) {
    if (end->status == 0 && end->failing && end->failing->reason == Reason::bad_request) {
      malformed_ = end->failing->message;
      param_ = end->failing->parameter;
    } else if (end->status == 0 && end->failing && end->failing->reason == Reason::model_unavailable) {
      ++unfit_;
      if (unfit_message_.empty()) {
        unfit_message_ = end->failing->message;
        param_ = end->failing->parameter;
      }
    }
    return machine_->on_attempt(*end);
  }
  exchange_ = std::get<std::shared_ptr<Exchange>>(std::move(started));
  return std::nullopt;
}

/// Each attempt is a span of its own below the caller's.
std::string CallTask::traceparent() const {
  constexpr std::size_t span_at = 36, span_size = 16;   // "00-" and 32 digits and "-" before it
  if (!request_.traceparent || request_.traceparent->size() < span_at + span_size) return {};
  std::string out = *request_.traceparent;
  out.replace(span_at, span_size, attempt_span(std::string_view(out).substr(span_at, span_size), machine_->trace().attempts.back().n));
  return out;
}

/// The old secret serves this call; the new one is for later ones.
void CallTask::refresh_ahead(const action::Attempt& attempt) {
  if (!engine_.options.refresh_ahead) return;
  const std::string& provider = attempt.target->provider;
  const std::string who = provider + "#" + attempt.credential->id;
  const MonoTime now = engine_.clock.mono();
  if (!engine_.ahead.begin(who, attempt.credential->generation, now)) return;
  engine_.store->refresh({.provider = provider, .id = attempt.credential->id, .cause = credentials::Cause::advisory,
                          .failed_generation = attempt.credential->generation, .failure = {}, .wait_until = now + engine_.hook_limit(provider)},
                         [&engine = engine_, who](const credentials::RefreshResult& result) { engine.ahead.ended(who, result, engine.clock.mono()); });
}

void CallTask::perform(const action::Wait& wait) { wake_ = wait.until; }

void CallTask::perform(const action::Refresh& refresh) {
  credentials::RefreshRequest request{.provider = refresh.target->provider, .id = refresh.credential, .cause = refresh.cause,
                                      .failed_generation = refresh.failed_generation, .failure = {}, .wait_until = refresh.wait_until};
  if (refresh.cause == credentials::Cause::rejected || refresh.cause == credentials::Cause::forbidden) request.failure = last_failure_;
  engine_.store->refresh(std::move(request), [self = self(), step = step_](const credentials::RefreshResult& result) {
    self->on_loop([step, result](CallTask& call) {
      if (call.step_ != step) return;
      // A wait that lasted to the end of the call ended because of that, and says nothing about the login.
      if (call.engine_.clock.mono() + timer_slack >= call.machine_->deadline()) return call.cut(Cut::deadline);
      if (result.connection_bound) call.home_.client().drop_idle();
      call.drive(call.machine_->on_refresh(result));
    });
  });
}

void CallTask::perform(const action::Load& load) {
  engine_.store->load(load.target->provider, load.credential, load.read, [self = self(), step = step_](const credentials::Lookup& lookup) {
    self->on_loop([step, lookup](CallTask& call) {
      if (call.step_ == step) call.drive(call.machine_->on_loaded(lookup));
    });
  });
}

// ---------------------------------------------------------------------------------------------------------------- the exchange

void CallTask::on_commit() {
  if (!streamed_) return;
  last_content_ = home_.loop().now();
  arm();  // from now on silence is what ends it, which may be sooner
  const auto& trace = machine_->trace();
  const auto& attempt = trace.attempts.back();
  observer_->on_commit({.id = trace.id, .provider = attempt.provider, .model = attempt.model, .attempts = attempt.n, .left = machine_->left_so_far()});
}

bool CallTask::on_event(std::string_view data, std::string_view text) {
  text_ += text;
  if (!text.empty()) observer_->on_text(text);
  return observer_->on_event(data);
}

void CallTask::on_content() {
  last_content_ = home_.loop().now();
  if (exchange_ && exchange_->reply().finished()) arm();  // the answer is whole: its end mark is not waited for as long as for content
}

void CallTask::on_end(const AttemptEnd& end) {
  if (!end.failing) {
    Reply& reply = exchange_->reply();
    usage_ = reply.usage();
    if (!streamed_) {
      body_text_ = reply.take_body();
      text_ = reply.take_text();
    }
  }
  last_failure_ = end.failing ? exchange_->failure() : credentials::Failure{};
  drop_exchange();
  drive(machine_->on_attempt(end));
}

/// The exchange may be on the stack above us.
void CallTask::drop_exchange() {
  if (exchange_ && exchange_->committed() && body_->wire() == wires::Wire::responses) {
    const Reply& reply = exchange_->reply();
    if (reply.error() || !reply.finished()) so_far_ = {reply.so_far(), reply.events()};
  }
  if (exchange_) home_.loop().at_turn_end([gone = std::move(exchange_)] {});
  exchange_.reset();
}

// ------------------------------------------------------------------------------------------------------------------------ clock

/// Until when the exchange must bring something: its limit before the commit point, the next content after it.
MonoTime CallTask::attempt_limit() const {
  const auto& route = plan_.chain->route;
  if (exchange_->reply().finished()) return last_content_ + std::min(route.idle_timeout, end_mark_grace);
  if (!streamed_) return limit_;
  if (!exchange_->committed()) return std::min(limit_, began_ + route.first_token_timeout);
  return last_content_ + route.idle_timeout;
}

void CallTask::arm() {
  MonoTime next = machine_->deadline();
  if (wake_) next = std::min(next, *wake_);
  if (exchange_ && !(streamed_ && exchange_->paused())) next = std::min(next, attempt_limit());
  timer_->arm_at(next);
}

void CallTask::on_timer() {
  const auto alive = self();
  const MonoTime now = engine_.clock.mono();
  if (now >= machine_->deadline()) return is_whole() ? void() : cut(Cut::deadline);
  if (wake_ && now >= *wake_) return drive(machine_->on_wait_over());
  // The loop's time, not the clock's: a turn that was long because much came is no silence of the upstream.
  if (exchange_ && !(streamed_ && exchange_->paused()) && home_.loop().now() >= attempt_limit()) return on_attempt_limit();
  arm();
}

/// Time is up, but all that is missing is the end mark.
bool CallTask::is_whole() {
  if (!exchange_) return false;
  const auto end = exchange_->end_if_whole();
  if (!end) return false;
  const auto exchange = exchange_;
  on_end(*end);
  exchange->stop();
  return true;
}

void CallTask::on_attempt_limit() {
  if (is_whole()) return;
  const auto& route = plan_.chain->route;
  std::string why = "no answer within " + format_duration(std::chrono::duration_cast<Millis>(limit_ - began_));
  if (exchange_->committed()) why = "no content for " + format_duration(route.idle_timeout);
  else if (streamed_) why = "no content within " + format_duration(std::chrono::duration_cast<Millis>(attempt_limit() - began_));
  AttemptEnd end{.failing = fallback::failing(Reason::timed_out, std::move(why)), .status = exchange_->status(), .committed = exchange_->committed()};
  exchange_->stop();
  drop_exchange();
  drive(machine_->on_attempt(end));
}

void CallTask::cut(Cut why) {
  if (over_) return;
  if (!machine_) {
    over_ = true;
    return;
  }
  std::optional<AttemptEnd> in_flight;
  if (exchange_) {
    in_flight = AttemptEnd{.failing = {}, .status = exchange_->status(), .committed = exchange_->committed()};
    exchange_->stop();
    drop_exchange();
  }
  ++step_;
  drive(why == Cut::deadline ? machine_->on_deadline(in_flight) : machine_->on_cancel(in_flight));
}

void CallTask::cancel() {
  on_loop([](CallTask& call) { call.cut(Cut::cancelled); });
}

void CallTask::resume() {
  on_loop([](CallTask& call) {
    if (!call.exchange_ || !call.exchange_->paused()) return;
    call.last_content_ = call.home_.loop().now();  // the reader was slow, not the upstream
    call.exchange_->resume();
    if (!call.over_ && call.exchange_) call.arm();
  });
}

// -------------------------------------------------------------------------------------------------------------------------- end

void CallTask::tell_verdicts() {
  const auto& attempts = machine_->trace().attempts;
  for (; told_ < machine_->settled(); ++told_) observer_->on_verdict(attempts[told_]);
}

void CallTask::finish() {
  over_ = true;
  timer_.reset();
  if (ticket_ != 0 && plan_.gate->forget(ticket_)) ticket_ = 0;
  if (placed_) plan_.gate->leave();
  CallResult result;
  result.trace = std::move(machine_->trace());
  result.trace.usage = usage_;
  result.body = std::move(body_text_);
  result.text = std::move(text_);
  if (!result.ok()) {
    result.body.clear();
    result.error = sentence(result.trace);
    if (!malformed_.empty() && result.trace.reason == Reason::bad_request) {
      result.error = "the request is not usable: " + malformed_;
      result.param = std::move(param_);
    }
    if (unfit_ > 0 && unfit_ == result.trace.attempts.size() && result.trace.outcome == fallback::Outcome::failed) {
      result.unfit = true;
      result.error = "no target can be asked for this: " + unfit_message_;
      result.param = std::move(param_);
    }
    result.so_far = std::move(so_far_);
  }
  report(result);
  home_.move_out(self());
}

void CallTask::report(const CallResult& result) {
  const auto observer = std::move(observer_);
  observer->on_done(result);
}

}  // namespace belay::runtime
