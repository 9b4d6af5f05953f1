#include "worker.hpp"

#include "base/hash.hpp"
#include "models.hpp"
#include "own_error.hpp"
#include "page.hpp"
#include "relay.hpp"
#include "sight/trace_context.hpp"

namespace belay::gateway {
namespace {

constexpr std::string_view json_type = "application/json";

/// Pages about everyone's calls; the others tell only of the caller or of nobody.
bool for_sight(Ask ask) { return ask == Ask::metrics || ask == Ask::status || ask == Ask::traces; }

/// Whether a request needs a key at all, where keys are configured. The page itself holds nothing; what it loads does.
bool open_to_all(Ask ask) { return ask == Ask::health || ask == Ask::ready || ask == Ask::page; }

std::string_view shown_key(const Key* key) { return key == nullptr ? std::string_view() : std::string_view(key->name); }

std::string in_words(Meter::Limit limit) {
  switch (limit) {
    case Meter::Limit::requests: return "requests a minute";
    case Meter::Limit::tokens: return "tokens a minute";
    default: return "calls at the same time";
  }
}

Limit counted(Meter::Limit limit) {
  switch (limit) {
    case Meter::Limit::requests: return Limit::key_requests;
    case Meter::Limit::tokens: return Limit::key_tokens;
    default: return Limit::key_concurrency;
  }
}

}  // namespace

// ------------------------------------------------------------------------------------------------------------------------- facts

Facts::Facts(std::string_view id, const Head& head) {
  const std::string_view words[parts] = {id, head.method, head.path, head.peer, head.get("user-agent")};
  std::size_t size = 0;
  for (const auto word : words) size += word.size();
  text_.reserve(size);
  for (std::size_t i = 0; i < parts; ++i) {
    text_ += words[i];
    ends_[i] = static_cast<std::uint32_t>(text_.size());
  }
}

std::string_view Facts::part(std::size_t i) const {
  const std::size_t from = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(text_).substr(from, ends_[i] - from);
}

// ------------------------------------------------------------------------------------------------------------------------ worker

Worker::Worker(std::size_t number, runtime::LoopThread& thread, Sight& sight, FrontSettings settings, GenerationPtr generation)
    : number_(number), thread_(thread), sight_(sight), generation_(std::move(generation)), front_(std::make_unique<Front>(thread.loop(), std::move(settings), *this)) {}

void Worker::use(GenerationPtr generation, FrontSettings settings) {
  recent_keys_.clear();
  generation_ = std::move(generation);
  front_->use(std::move(settings));
}

void Worker::close() {
  sight().front(nullptr);
  front_.reset();
}

void Worker::drain() {
  draining_ = true;
  front_->drain();
}

Service::Refused Worker::refusal(std::string_view path, const Refusal& why) {
  Refused out;
  out.id = make_ulid(system_clock().unix_ms());
  out.body = own_error(endpoint_of("POST", path).wire, why.status, why.code, why.message, out.id);
  RequestRecord record{.began = system_clock().unix_ms(), .id = out.id, .path = path};
  record.status = why.status;
  record.bytes_out = out.body.size();
  sight().ended(record);
  return out;
}

std::unique_ptr<Visit> Worker::open(const Head& head, Reply& reply) {
  const Endpoint endpoint = endpoint_of(head.method, head.path);
  const Clock& clock = system_clock();
  Facts facts(make_ulid(clock.unix_ms()), head);
  facts.began = clock.unix_ms();
  facts.arrived = clock.mono();
  if (endpoint.ask == Ask::call) {
    const auto parent = head.get("traceparent");
    if (generation_->spans || !parent.empty()) facts.context = trace_context(parent);
  }
  if (endpoint.ask == Ask::unknown) {
    refuse(facts, nullptr, reply, endpoint, 404, "bad_request", "there is nothing at " + std::string(head.path) + "; the API is below /v1: chat/completions, responses, messages, embeddings, models");
    return nullptr;
  }
  if (endpoint.ask == Ask::wrong_method) {
    const Field allow{"allow", endpoint.allow};
    refuse(facts, nullptr, reply, endpoint, 405, "bad_request", std::string(head.path) + " takes " + std::string(endpoint.allow) + ", not " + std::string(head.method), std::span(&allow, 1));
    return nullptr;
  }
  const Admission admission = admit(head, endpoint, facts, reply);
  if (!admission.ok) return nullptr;
  if (endpoint.ask == Ask::call) return call(head, endpoint, std::move(facts), admission.key, reply);
  return look(head, endpoint, std::move(facts), admission.key, reply);
}

Worker::Admission Worker::admit(const Head& head, const Endpoint& endpoint, Facts& facts, Reply& reply) {
  const KeyRing& keys = generation_->keys;
  if (keys.empty() || open_to_all(endpoint.ask)) return {};
  const auto shown = presented_key(head.get("authorization"), head.get("x-api-key"), head.get("api-key"));
  const Key* key = shown.empty() ? nullptr : recent_keys_.find(keys, shown);
  if (key == nullptr) {
    const Field challenge{"www-authenticate", "Bearer realm=\"belay\""};
    refuse(facts, nullptr, reply, endpoint, 401, "auth_rejected",
           shown.empty() ? "this gateway asks for a key of its own: send it as \"Authorization: Bearer KEY\" or \"x-api-key: KEY\""
                         : "this is not a key of this gateway (a provider's key is not one: the gateway has those itself)",
           std::span(&challenge, 1));
    return {nullptr, false};
  }
  if (for_sight(endpoint.ask) && !key->sight) {
    refuse(facts, key, reply, endpoint, 403, "permission_denied", "the gateway key \"" + key->name + "\" may not see " + std::string(head.path) + " (sight = true in its entry would let it)");
    return {nullptr, false};
  }
  return {key, true};
}

std::unique_ptr<Visit> Worker::call(const Head& head, const Endpoint& endpoint, Facts&& facts, const Key* key, Reply& reply) {
  if (const auto encoding = head.get("content-encoding"); !encoding.empty() && encoding != "identity") {
    refuse(facts, key, reply, endpoint, 415, "bad_request", "the body is encoded as \"" + std::string(encoding) + "\"; send it as it is");
    return nullptr;
  }
  if (draining_) {
    const Field wait{"retry-after", "1"};
    refuse(facts, key, reply, endpoint, 503, "overloaded", "this gateway is about to stop", std::span(&wait, 1));
    return nullptr;
  }
  if (key != nullptr && key->meter) {
    const auto verdict = key->meter->begin(facts.arrived);
    if (verdict.limit != Meter::Limit::none) {
      sight().limited(counted(verdict.limit), key->name);
      const std::string seconds = std::to_string(std::max<std::int64_t>(1, (verdict.wait.count() + 999) / 1000));
      const Field wait{"retry-after", seconds};
      refuse(facts, key, reply, endpoint, 429, "rate_limited", "the gateway key \"" + key->name + "\" has reached its limit of " + in_words(verdict.limit), std::span(&wait, 1));
      return nullptr;
    }
  }
  return std::make_unique<CallVisit>(std::make_shared<Relay>(*this, reply, endpoint, std::move(facts), key));
}

/// A GET.
std::unique_ptr<Visit> Worker::look(const Head& head, const Endpoint& endpoint, Facts&& facts, const Key* key, Reply& reply) {
  const auto sent = [this, facts, name = std::string(shown_key(key))](int status, std::size_t bytes) { note(facts, name, status, bytes); };
  const Whose whose = key == nullptr || key->sight ? Whose() : Whose(key->name);
  switch (endpoint.ask) {
    case Ask::metrics: return sight_.metrics(number_, reply, sent);
    case Ask::status: return sight_.status(number_, reply, sent);
    case Ask::traces: return sight_.traces(number_, head.query, whose, reply, sent);
    case Ask::trace: return sight_.trace(number_, endpoint.name, whose, reply, sent);
    case Ask::models:
    case Ask::model: models(head, endpoint, facts, key, reply); return nullptr;
    case Ask::health: answer(facts, key, reply, 200, json_type, R"({"status":"ok"})"); return nullptr;
    case Ask::ready:
      answer(facts, key, reply, draining_ ? 503 : 200, json_type, draining_ ? R"({"status":"draining"})" : R"({"status":"ready"})");
      return nullptr;
    default: break;
  }
  if (const auto* file = page_file(endpoint.name)) {
    const Field more[] = {{"cache-control", "no-cache"}, {"content-security-policy", page_policy}, {"x-content-type-options", "nosniff"}, {"referrer-policy", "no-referrer"}};
    answer(facts, key, reply, 200, file->type, file->content, more);
  } else {
    refuse(facts, key, reply, endpoint, 404, "bad_request", "there is nothing at " + std::string(head.path));
  }
  return nullptr;
}

void Worker::models(const Head& head, const Endpoint& endpoint, const Facts& facts, const Key* key, Reply& reply) {
  const ModelsShape shape = head.get("anthropic-version").empty() ? ModelsShape::openai : ModelsShape::anthropic;
  Endpoint as = endpoint;
  if (shape == ModelsShape::anthropic) as.wire = messages_wire;
  const auto& settings = generation_->runtime->settings();
  const std::int64_t created = facts.began / 1000;
  if (endpoint.ask == Ask::models) return answer(facts, key, reply, 200, json_type, models_json(settings, key, shape, created));
  const std::string name = decoded(endpoint.name).value_or(std::string(endpoint.name));
  if (const auto one = model_json(settings, key, name, shape, created)) return answer(facts, key, reply, 200, json_type, *one);
  refuse(facts, key, reply, as, 404, "model_unavailable", "there is no model \"" + std::string(endpoint.name) + "\" here (GET /v1/models lists what there is)");
}

// ------------------------------------------------------------------------------------------------------------------------- replies

void Worker::answer(const Facts& facts, const Key* key, Reply& reply, int status, std::string_view type, std::string_view body, std::span<const Field> more, std::string_view wire) {
  std::vector<Field> fields{{"content-type", type}, {"belay-request-id", facts.id()}};
  fields.insert(fields.end(), more.begin(), more.end());
  reply.send(status, fields, body);
  note(facts, shown_key(key), status, body.size(), wire);
}

void Worker::refuse(const Facts& facts, const Key* key, Reply& reply, const Endpoint& endpoint, int status, std::string_view code, std::string_view message, std::span<const Field> more) {
  answer(facts, key, reply, status, json_type, own_error(endpoint.wire, status, code, message, facts.id()), more, endpoint.wire);
}

void Worker::note(const Facts& facts, std::string_view key, int status, std::size_t bytes, std::string_view wire) {
  RequestRecord record{.began = facts.began, .id = facts.id(), .method = facts.method(), .path = facts.path(), .peer = facts.peer(), .user_agent = facts.agent(), .key = key};
  record.status = status;
  record.bytes_out = bytes;
  record.total = system_clock().mono() - facts.arrived;
  record.wire = wire;
  record.context = facts.context;
  sight().ended(record);
}

}  // namespace belay::gateway
