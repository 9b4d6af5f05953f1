// One exchange: who may be called after what, and what has to have been said by the end.
#include "answer.hpp"
#include "event_check.hpp"
#include "host_table.hpp"
#include "instance.hpp"
#include "words.hpp"

namespace belay::plugins {
namespace {

class CheckedExchange final : public Exchange {
 public:
  CheckedExchange(std::shared_ptr<LiveInstance> instance, const belay_request& request,
                  const belay_credential* credential)
      : instance_(std::move(instance)),
        credential_(credential),
        events_(instance_->latch(), request.wire.len != 0 ? EventCheck::Wire::callers : EventCheck::Wire::canonical,
                view(request.operation) == "chat" ? EventCheck::Reply::message : EventCheck::Reply::result) {}

  ~CheckedExchange() override {
    if (handle_ != nullptr)
      call_to_free(instance_->latch(), "end", CallKind::exchange, [&] { instance_->api().end(handle_); });
  }

  Answer begin(const belay_request& request) {
    Answer answer = call(CallKind::exchange, "begin", [&](belay_error* error) {
      return instance_->api().begin(instance_->handle, &request, credential_, &handle_, error);
    });
    if (!answer.ok()) {
      handle_ = nullptr;  // there is no end() then
    } else if (handle_ == nullptr) {
      return breach("begin", "it answered OK and gave no exchange");
    }
    return answer;
  }

  Answer build_request(OutgoingRequest& out) override {
    if (state_ != State::begun || own_transport()) return out_of_turn("build_request");
    out = {};
    RequestWriter writer(instance_->latch(), instance_->origins, credential_, out);
    state_ = State::built;
    Answer answer = call(CallKind::exchange, "build_request", [&](belay_error* error) {
      return instance_->api().build_request(handle_, writer.raw(), error);
    });
    if (answer.ok() && !writer.has_line()) answer = breach("build_request", "it answered OK and wrote no line");
    if (!answer.ok()) {
      out = {};
      state_ = State::over;
    }
    return answer;
  }

  Answer on_head(const belay_head& head, EventSink& sink) override {
    if (state_ != State::built) return out_of_turn("on_response_head");
    state_ = State::head_seen;
    return settle(events("on_response_head", CallKind::exchange, sink, [&](belay_error* error) {
      return instance_->api().on_response_head(handle_, &head, events_.sink(), error);
    }));
  }

  Answer on_chunk(std::string_view piece, EventSink& sink) override {
    if (state_ != State::head_seen) return out_of_turn("on_body_chunk");
    return settle(events("on_body_chunk", CallKind::exchange, sink, [&](belay_error* error) {
      return instance_->api().on_body_chunk(handle_, bytes(piece), events_.sink(), error);
    }));
  }

  Answer finish(Finish how, EventSink& sink) override {
    if (state_ != State::built && state_ != State::head_seen) return out_of_turn("finish");
    const bool must_end = state_ == State::head_seen && (how == Finish::complete || how == Finish::truncated);
    state_ = State::over;
    Answer answer = events("finish", CallKind::exchange, sink, [&](belay_error* error) {
      return instance_->api().finish(handle_, static_cast<std::uint32_t>(how), events_.sink(), error);
    });
    return must_end ? ended(std::move(answer), "finish") : answer;
  }

  Answer run(EventSink& sink, const CancelToken& cancel) override {
    if (state_ != State::begun || !own_transport()) return out_of_turn("run");
    state_ = State::over;
    const belay_cancel handle{cancel};
    Answer answer = events("run", CallKind::transport, sink, [&](belay_error* error) {
      return instance_->provider.transport->run(handle_, events_.sink(), &handle, error);
    });
    return ended(std::move(answer), "run");
  }

 private:
  enum class State {
    begun,
    built,
    head_seen,
    over,  ///< only end() may come
  };

  [[nodiscard]] bool own_transport() const { return instance_->provider.transport != nullptr; }

  template <class Body>
  Answer call(CallKind kind, std::string_view function, Body&& body) {
    return plugins::call(instance_->latch(), function, kind, body);
  }

  /// A call that may emit. Nothing more is asked of a plugin after its sink said STOP.
  template <class Body>
  Answer events(std::string_view function, CallKind kind, EventSink& sink, Body&& body) {
    if (events_.stopped())
      return instance_->latch().latched() ? fault_answer(instance_->latch()) : Answer{Status::stop, {}};
    const EventCheck::Call receiving(events_, sink, function);
    Answer answer = call(kind, function, body);
    if (answer.ok()) answer.status = events_.stopped() ? Status::stop : Status::ok;
    return answer;
  }

  /// An error ends the exchange.
  Answer settle(Answer answer) {
    if (!answer.ok()) state_ = State::over;
    return answer;
  }

  /// By now there must have been a terminal event, unless the plugin said why not, or nobody listened.
  Answer ended(Answer answer, std::string_view function) {
    if (answer.status == Status::ok && !events_.complete())
      return breach(function, "it answered OK without the event that ends a reply");
    return answer;
  }

  Answer breach(std::string_view function, std::string_view what) {
    instance_->latch().latch(function, what);
    return fault_answer(instance_->latch());
  }

  static Answer out_of_turn(std::string_view function) {
    return {Status::internal, "the host called " + std::string(function) + "() out of turn"};
  }

  const std::shared_ptr<LiveInstance> instance_;
  const belay_credential* const credential_;
  belay_exchange* handle_ = nullptr;
  State state_ = State::begun;
  EventCheck events_;
};

}  // namespace

Answer begin_exchange(const std::shared_ptr<LiveInstance>& instance, const belay_request& request,
                      const belay_credential* credential, std::unique_ptr<Exchange>& out) {
  auto exchange = std::make_unique<CheckedExchange>(instance, request, credential);
  Answer answer = exchange->begin(request);
  if (answer.ok()) out = std::move(exchange);
  return answer;
}

}  // namespace belay::plugins
