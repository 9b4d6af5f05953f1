#include "fallback/trace.hpp"

namespace belay::fallback {
namespace {

void reason(json::Writer& to, std::string_view name, const std::optional<Reason>& value) {
  json::key(to, name);
  value ? json::str(to, to_string(*value)) : static_cast<void>(to.Null());
}

void text_or_null(json::Writer& to, std::string_view name, std::string_view text) {
  json::key(to, name);
  text.empty() ? static_cast<void>(to.Null()) : json::str(to, text);
}

void write(json::Writer& to, const Attempt& attempt) {
  to.StartObject();
  json::key(to, "n");
  to.Int(attempt.n);
  json::key(to, "provider");
  json::str(to, attempt.provider);
  json::key(to, "model");
  json::str(to, attempt.model);
  text_or_null(to, "credential", attempt.credential);
  json::key(to, "generation");
  to.Uint64(attempt.generation);
  json::key(to, "status");
  attempt.status == 0 ? to.Null() : to.Int(attempt.status);
  reason(to, "reason", attempt.reason);
  text_or_null(to, "message", attempt.message);
  json::key(to, "refresh");
  json::str(to, credentials::to_string(attempt.refresh));
  if (!attempt.refresh_message.empty()) text_or_null(to, "refresh_message", attempt.refresh_message);
  json::key(to, "verdict");
  json::str(to, to_string(attempt.verdict));
  json::key(to, "duration_ms");
  to.Int64(attempt.duration_ms);
  if (attempt.hold_ms) {
    json::key(to, "hold_ms");
    to.Int64(*attempt.hold_ms);
  }
  if (!attempt.adjusted.empty()) {
    json::key(to, "adjusted");
    to.StartArray();
    for (const auto& adjusted : attempt.adjusted) {
      to.StartObject();
      json::key(to, "parameter");
      json::str(to, adjusted.parameter);
      json::key(to, "to");
      to.RawValue(adjusted.to.data(), adjusted.to.size(), rapidjson::kObjectType);
      to.EndObject();
    }
    to.EndArray();
  }
  to.EndObject();
}

}  // namespace

void write(json::Writer& to, const Trace& trace) {
  to.StartObject();
  json::key(to, "version");
  to.Int(1);
  json::key(to, "id");
  json::str(to, trace.id);
  json::key(to, "route");
  json::str(to, trace.route);
  json::key(to, "outcome");
  json::str(to, to_string(trace.outcome));
  reason(to, "reason", trace.reason);
  json::key(to, "served_by");
  if (trace.served_by) {
    to.StartObject();
    json::key(to, "provider");
    json::str(to, trace.served_by->provider);
    json::key(to, "model");
    json::str(to, trace.served_by->model);
    text_or_null(to, "credential", trace.served_by->credential);
    to.EndObject();
  } else {
    to.Null();
  }
  json::key(to, "duration_ms");
  to.Int64(trace.duration_ms);
  json::key(to, "attempts");
  to.StartArray();
  for (const auto& attempt : trace.attempts) write(to, attempt);
  to.EndArray();
  json::key(to, "skipped");
  to.StartArray();
  for (const auto& skipped : trace.skipped) {
    to.StartObject();
    json::key(to, "target");
    json::str(to, skipped.target);
    json::key(to, "why");
    json::str(to, skipped.why);
    to.EndObject();
  }
  to.EndArray();
  json::key(to, "retry_after_ms");
  trace.retry_after_ms ? to.Int64(*trace.retry_after_ms) : to.Null();
  to.EndObject();
}

std::string to_json(const Trace& trace) {
  json::Buffer buffer;
  json::Writer writer(buffer);
  write(writer, trace);
  return std::string(json::view(buffer));
}

}  // namespace belay::fallback
