#include "span_json.hpp"

#include <charconv>

#include "names.hpp"
#include "runtime/runtime.hpp"
#include "runtime/version.hpp"
#include "span_writer.hpp"

namespace belay::gateway::sight {
namespace {

using fallback::Outcome;
using std::chrono::nanoseconds;

std::int64_t at(const Kept& kept, nanoseconds after) { return kept.began * 1'000'000 + after.count(); }

double ms(nanoseconds span) { return static_cast<double>(span.count()) / 1e6; }

std::string_view reason_word(const std::optional<fallback::Reason>& reason) {
  return reason ? to_string(*reason) : std::string_view();
}

void usage(SpanWriter& span, const fallback::Usage& usage) {
  if (usage.prompt >= 0) span.attribute("gen_ai.usage.input_tokens", usage.prompt);
  if (usage.completion >= 0) span.attribute("gen_ai.usage.output_tokens", usage.completion);
  if (usage.cached >= 0) span.attribute("gen_ai.usage.cache_read.input_tokens", usage.cached);
  if (usage.cache_write >= 0) span.attribute("gen_ai.usage.cache_creation.input_tokens", usage.cache_write);
  if (usage.reasoning >= 0) span.attribute("gen_ai.usage.reasoning.output_tokens", usage.reasoning);
}

/// A 4xx is the client's fault, not an error of the server (conventions for HTTP server spans).
bool failed(const Kept& kept) {
  return kept.status >= 500 ||
         (kept.call && (kept.trace.outcome == Outcome::failed || kept.trace.outcome == Outcome::deadline));
}

void call_attributes(SpanWriter& span, const Kept& kept) {
  const auto& trace = kept.trace;
  span.attribute("gen_ai.operation.name", kept.operation);
  span.attribute("gen_ai.request.model", trace.route);
  if (trace.served_by) span.attribute("gen_ai.response.model", trace.served_by->model);
  usage(span, trace.usage);
  span.attribute("belay.route", trace.route);
  span.attribute("belay.outcome", to_string(trace.outcome));
  span.attribute("belay.reason", reason_word(trace.reason ? trace.reason : trace.left));
  if (trace.served_by) span.attribute("belay.provider", trace.served_by->provider);
  span.attribute("belay.attempts", static_cast<std::int64_t>(trace.attempts.size()));
  span.attribute("belay.wire", kept.wire);
  span.flag("belay.stream", kept.stream);
  span.attribute("belay.overhead_ms", ms(kept.overhead));
  if (kept.first_content >= nanoseconds(0)) span.attribute("belay.first_content_ms", ms(kept.first_content));
}

void skipped_events(SpanWriter& span, const Kept& kept) {
  if (kept.trace.skipped.empty()) return;
  span.begin_events();
  for (const auto& skipped : kept.trace.skipped) {
    span.begin_event("belay.skipped", at(kept, nanoseconds(0)));
    span.begin_attributes();
    span.attribute("belay.target", skipped.target);
    span.attribute("belay.why", skipped.why);
    span.end_attributes();
    span.end_event();
  }
  span.end_events();
}

/// "127.0.0.1:50112", "[::1]:50112"; "unix" has no port.
void peer(SpanWriter& span, std::string_view peer) {
  const auto colon = peer.rfind(':');
  std::string_view address = peer.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  span.attribute("client.address", address);
  std::int64_t port = 0;
  if (colon != std::string_view::npos &&
      std::from_chars(peer.data() + colon + 1, peer.data() + peer.size(), port).ec == std::errc())
    span.attribute("client.port", port);
}

void server_span(json::Writer& to, const Kept& kept) {
  SpanWriter span(to);
  const std::string route(pattern_of(kept.path));  // names of spans have few values: no path that a client made up
  span.begin(kept.context.trace, kept.context.span, kept.context.parent,
             route.empty() ? kept.method : kept.method + " " + route, SpanKind::server, at(kept, nanoseconds(0)),
             at(kept, kept.total));
  span.begin_attributes();
  span.attribute("http.request.method", kept.method);
  span.attribute("http.route", route);
  span.attribute("url.path", kept.path);
  if (kept.status != 0) span.attribute("http.response.status_code", static_cast<std::int64_t>(kept.status));
  peer(span, kept.peer);
  span.attribute("user_agent.original", kept.user_agent);
  span.attribute("belay.request.id", kept.trace.id);
  span.attribute("belay.key", kept.key);
  if (kept.gone) span.flag("belay.client_gone", true);
  if (kept.call) call_attributes(span, kept);
  if (failed(kept))
    span.attribute("error.type",
                   kept.call && kept.trace.reason ? to_string(*kept.trace.reason) : std::to_string(kept.status));
  span.end_attributes();
  skipped_events(span, kept);
  span.end(failed(kept), "");
}

void attempt_attributes(SpanWriter& span, const Kept& kept, const fallback::Attempt& attempt,
                        const ProviderFacts& facts) {
  span.attribute("gen_ai.operation.name", kept.operation);
  span.attribute("gen_ai.provider.name", facts.flavour);
  span.attribute("gen_ai.request.model", attempt.model);
  if (!facts.address.empty()) {
    span.attribute("server.address", facts.address);
    span.attribute("server.port", static_cast<std::int64_t>(facts.port));
  }
  if (attempt.status != 0) span.attribute("http.response.status_code", static_cast<std::int64_t>(attempt.status));
  span.attribute("error.type", reason_word(attempt.reason));
  if (!attempt.reason) usage(span, kept.trace.usage);
  span.attribute("belay.attempt", static_cast<std::int64_t>(attempt.n));
  span.attribute("belay.provider", attempt.provider);
  span.attribute("belay.credential.id", attempt.credential);
  if (!attempt.credential.empty())
    span.attribute("belay.credential.generation", static_cast<std::int64_t>(attempt.generation));
  span.attribute("belay.reason", reason_word(attempt.reason));
  span.attribute("belay.verdict", to_string(attempt.verdict));
  if (attempt.hold_ms) span.attribute("belay.hold_ms", *attempt.hold_ms);
}

void attempt_events(SpanWriter& span, const Kept& kept, const fallback::Attempt& attempt, nanoseconds end) {
  const bool refreshed = attempt.refresh != fallback::RefreshOutcome::none;
  if (!refreshed && attempt.adjusted.empty()) return;
  span.begin_events();
  if (refreshed) {
    span.begin_event("belay.refresh", at(kept, end));
    span.begin_attributes();
    span.attribute("belay.refresh.outcome", credentials::to_string(attempt.refresh));
    span.attribute("belay.refresh.message", attempt.refresh_message);
    span.end_attributes();
    span.end_event();
  }
  for (const auto& adjusted : attempt.adjusted) {
    span.begin_event("belay.adjust", at(kept, end));
    span.begin_attributes();
    span.attribute("belay.parameter", adjusted.parameter);
    span.attribute("belay.parameter.to", adjusted.to);
    span.end_attributes();
    span.end_event();
  }
  span.end_events();
}

void attempt_span(json::Writer& to, const Kept& kept, std::size_t i, const Providers& providers) {
  const auto& attempt = kept.trace.attempts[i];
  const auto found = providers.find(attempt.provider);
  const ProviderFacts facts = found != providers.end() ? found->second : ProviderFacts{attempt.provider, {}, 0};
  SpanWriter span(to);
  span.begin(kept.context.trace, runtime::attempt_span(kept.context.span, attempt.n), kept.context.span,
             kept.operation + (attempt.model.empty() ? "" : " " + attempt.model), SpanKind::client,
             at(kept, kept.stretches[i].from), at(kept, kept.stretches[i].to));
  span.begin_attributes();
  attempt_attributes(span, kept, attempt, facts);
  span.end_attributes();
  attempt_events(span, kept, attempt, kept.stretches[i].to);
  span.end(attempt.reason.has_value(), attempt.message);
}

std::string resource(std::string_view service_name) {
  json::Buffer buffer;
  json::Writer to(buffer);
  SpanWriter parts(to);
  to.StartObject();
  parts.begin_attributes();
  parts.attribute("service.name", service_name);
  parts.attribute("service.version", runtime::version());
  parts.attribute("telemetry.sdk.name", "belay");
  parts.attribute("telemetry.sdk.language", "cpp");
  parts.attribute("telemetry.sdk.version", runtime::version());
  parts.end_attributes();
  to.EndObject();
  return std::string(json::view(buffer));
}

}  // namespace

std::size_t append_spans(std::string& to, const Kept& kept, const Providers& providers) {
  json::Buffer buffer;
  json::Writer writer(buffer);
  server_span(writer, kept);
  for (std::size_t i = 0; i < kept.trace.attempts.size(); ++i) {
    buffer.Put(',');
    writer.Reset(buffer);
    attempt_span(writer, kept, i, providers);
  }
  to += json::view(buffer);
  return 1 + kept.trace.attempts.size();
}

std::string export_body(std::string_view service_name, std::string_view spans) {
  std::string out = "{\"resourceSpans\":[{\"resource\":" + resource(service_name) +
                    ",\"scopeSpans\":[{\"scope\":{\"name\":\"belay\",\"version\":" + json::quoted(runtime::version()) +
                    "},\"spans\":[";
  out += spans;
  return out += "]}]}]}";
}

}  // namespace belay::gateway::sight
