#include "exchange.hpp"

#include <array>

#include "base/json.hpp"
#include "exchange_http.hpp"
#include "exchange_transport.hpp"

namespace belay::runtime {
namespace {

using fallback::AttemptEnd;
using fallback::Failing;
using fallback::Reason;

belay_str str(std::string_view text) { return {text.data(), text.size()}; }

/// Members that change what the answer is, so that a plugin of another wire which doesn't know them must not answer as if they were not there.
std::vector<belay_str> required_members(const PreparedBody& body) {
  std::vector<belay_str> out;
  for (const auto& member : body.members) {
    const bool asks = (member.name == "response_format" && member.value.find("\"json_schema\"") != std::string_view::npos) ||
                      (member.name == "tool_choice" && (member.value == "\"required\"" || member.value.starts_with('{'))) || member.name == "audio";
    if (asks) out.push_back(str(member.name));
  }
  return out;
}

}  // namespace

std::variant<std::shared_ptr<Exchange>, AttemptEnd> Exchange::start(Engine& engine, LoopThread& home, Mission mission, ExchangeOwner& owner) {
  auto served = engine.instances->get(mission.target.provider);
  if (!served) return AttemptEnd{.failing = fallback::failing(Reason::plugin_fault, served.error().message), .status = 0, .committed = false};
  const bool own = (*served)->instance->descriptor().own_transport();
  std::shared_ptr<Exchange> exchange;
  if (own) exchange = std::make_shared<TransportExchange>(engine, home, std::move(mission), owner, *served);
  else exchange = std::make_shared<HttpExchange>(engine, home, std::move(mission), owner, *served);
  if (auto end = exchange->begin()) return *std::move(end);
  auto end = own ? static_cast<TransportExchange&>(*exchange).run() : static_cast<HttpExchange&>(*exchange).send();
  if (end) return *std::move(end);
  return exchange;
}

Exchange::Exchange(Engine& engine, LoopThread& home, Mission mission, ExchangeOwner& owner, std::shared_ptr<const Served> served)
    : Resident(&engine),
      engine_(engine),
      home_(home),
      mission_(std::move(mission)),
      owner_(&owner),
      served_(std::move(served)),
      reply_(reply_setup(engine, mission_, *served_), [this](std::string_view data, std::string_view text) {
        if (owner_ == nullptr) return;
        if (!told_commit_) {
          told_commit_ = true;
          owner_->on_commit();
        }
        if (owner_ != nullptr && !owner_->on_event(data, text)) paused_ = true;
      }) {}

Reply::Setup Exchange::reply_setup(const Engine& engine, const Mission& mission, const Served& served) {
  return {.streamed = mission.streamed,
          .chat = mission.operation == "chat",
          .own_wire = served.instance->descriptor().speaks(mission.wire),
          .usage_chunk = mission.streamed && mission.body.own().wants_usage(),
          .wire = mission.body.wire(),
          .asked = {std::string(mission.id), engine.clock.unix_ms() / 1000, mission.target.model, mission.body.own().text()}};
}

std::optional<AttemptEnd> Exchange::begin() {
  const bool same_wire = served_->instance->descriptor().speaks(mission_.wire);
  if (!same_wire && mission_.operation == "count_tokens") {
    const wires::Misfit misfit{wires::Misfit::Kind::unsupported, {}, "this provider does not speak " + std::string(mission_.wire) + ", without which tokens can't be counted"};
    return ended(misfit);
  }
  auto prepared = mission_.body.prepare(same_wire, mission_.target.model, mission_.streamed, mission_.adjusted);
  if (const auto* misfit = std::get_if<wires::Misfit>(&prepared)) return ended(*misfit);
  prepared_ = std::make_shared<PreparedBody>(std::get<PreparedBody>(std::move(prepared)));
  members_.reserve(prepared_->members.size());
  for (const auto& member : prepared_->members) members_.push_back({str(member.name), str(member.value)});
  if (!same_wire) required_ = required_members(*prepared_);

  request_.size = sizeof request_;
  request_.flags = mission_.streamed ? BELAY_REQUEST_STREAM : 0;
  request_.operation = str(mission_.operation);
  request_.wire = same_wire ? str(mission_.wire) : str("");
  request_.canonical_version = 1;
  request_.members = members_.data();
  request_.member_count = static_cast<std::uint32_t>(members_.size());
  request_.member_stride = sizeof(belay_member);
  request_.required = required_.data();
  request_.required_count = static_cast<std::uint32_t>(required_.size());
  request_.model = str(mission_.target.model);
  request_.body = str(prepared_->text);
  request_.request_id = str(mission_.id);
  request_.deadline_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(mission_.limit.time_since_epoch()).count();

  if (mission_.credential) {
    const auto& lent = *mission_.credential;
    for (const auto& field : lent.fields) fields_.push_back({str(field.name), str(field.value.reveal()), field.secret ? BELAY_SECRET : 0, 0});
    credential_.size = sizeof credential_;
    credential_.id = str(lent.id);
    credential_.type = str(lent.type);
    credential_.generation = lent.generation;
    credential_.expires_unix_ms = lent.expires.value_or(0);
    credential_.fields = {fields_.data(), static_cast<std::uint32_t>(fields_.size()), sizeof(belay_field)};
  }
  const auto answer = served_->instance->begin(request_, mission_.credential ? &credential_ : nullptr, exchange_);
  if (answer.ok()) return std::nullopt;
  return ended(answer);
}

AttemptEnd Exchange::ended(Failing failing) const { return {.failing = std::move(failing), .status = status_, .committed = told_commit_}; }

AttemptEnd Exchange::ended(const wires::Misfit& misfit) const {
  // Nothing was sent, and it says nothing of the target: nothing is held. A target of the caller's wire may do it; a malformed request nobody can.
  const bool unsupported = misfit.kind == wires::Misfit::Kind::unsupported;
  Failing failing = fallback::failing(unsupported ? Reason::model_unavailable : Reason::bad_request, misfit.message);
  failing.scope = fallback::Scope::none;
  failing.parameter = misfit.member;
  return ended(std::move(failing));
}

AttemptEnd Exchange::ended(const plugins::Answer& answer) const {
  using plugins::Status;
  Failing failing;
  switch (answer.status) {
    case Status::protocol: failing = fallback::failing(Reason::invalid_reply, answer.text); break;
    case Status::credential: failing = fallback::failing(Reason::auth_rejected, answer.text); break;
    case Status::cancelled:
    case Status::deadline: failing = fallback::failing(Reason::timed_out, answer.text); break;
    case Status::unsupported:
      // It cannot do this; that says nothing of what else it can do, so nothing is held.
      failing = fallback::failing(Reason::model_unavailable, answer.text);
      failing.scope = fallback::Scope::none;
      break;
    default: failing = fallback::failing(Reason::plugin_fault, answer.text); break;
  }
  return ended(std::move(failing));
}

AttemptEnd Exchange::settle(bool whole) {
  reply_.end(whole);
  if (const auto& error = reply_.error()) return told_in_reply(*error);
  return {.failing = std::nullopt, .status = status_, .committed = told_commit_};
}

std::optional<AttemptEnd> Exchange::end_if_whole() {
  if (!reply_.finished() || reply_.error()) return std::nullopt;
  return settle(true);
}

AttemptEnd Exchange::told_in_reply(const Reply::Error& error) {
  if (!error.told) return ended(fallback::failing(Reason::invalid_reply, error.why));
  return ended(classified(BELAY_FAILURE_IN_REPLY, 200, error.body, error.text));
}

AttemptEnd Exchange::refused(std::string_view body) { return ended(classified(BELAY_FAILURE_STATUS, status_, body, fallback::error_text(body))); }

Failing Exchange::classified(std::uint32_t kind, int status, std::string_view body, const fallback::ErrorText& error) {
  std::vector<belay_field> headers;
  headers.reserve(headers_.size());
  for (const auto& [name, value] : headers_) headers.push_back({str(name), str(value), 0, 0});
  belay_failure failure{};
  failure.size = sizeof failure;
  failure.kind = kind;
  failure.status = status;
  failure.headers = {headers.data(), static_cast<std::uint32_t>(headers.size()), sizeof(belay_field)};
  failure.body = {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()};
  if (kind == BELAY_FAILURE_IN_REPLY) {
    failure.code = str(error.code);
    failure.type = str(error.type);
    failure.message = str(error.message);
    failure.parameter = str(error.parameter);
  }
  plugins::Classification said;
  const auto answer = served_->instance->classify(failure, said);
  if (answer.status == plugins::Status::fault) return fallback::failing(Reason::plugin_fault, answer.text);
  fallback::Proposal proposal;
  if (answer.ok()) {
    proposal = {said.reason, said.scope, said.retry_after_ms, said.reset_unix_ms, said.affordable_tokens, said.message, said.parameter, said.rename};
  }
  return fallback::classify(status, headers_, body, error, proposal, engine_.clock.unix_ms());
}

void Exchange::conclude(const AttemptEnd& end) {
  ExchangeOwner* owner = owner_;
  owner_ = nullptr;
  if (owner != nullptr) owner->on_end(end);
}

}  // namespace belay::runtime
