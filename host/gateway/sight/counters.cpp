#include "counters.hpp"

namespace belay::gateway::sight {
namespace {

using Key = SeriesKey;

std::uint16_t word(const std::optional<fallback::Reason>& reason) {
  return reason ? static_cast<std::uint16_t>(*reason) : no_reason;
}

template <typename Slot>
void merge(Series<Slot>& to, const Series<Slot>& from) {
  for (const auto& [key, slot] : from) {
    if constexpr (std::is_integral_v<Slot>)
      to[key] += slot;
    else
      to[key].add(slot);
  }
}

}  // namespace

void Counters::count(const RequestRecord& record, const Names& names) {
  ++requests[Key::pack(names.path(record.path), static_cast<std::uint16_t>(record.status), names.wires.id(record.wire),
                       names.keys.id(record.key))];
  if (record.gone) ++gone;
  if (record.call != nullptr) count_call(record.call->trace, record, names);
}

void Counters::count_call(const fallback::Trace& trace, const RequestRecord& record, const Names& names) {
  const NameId route = names.routes.id(trace.route);
  ++calls[Key::pack(route, static_cast<std::uint16_t>(trace.outcome), record.stream ? 1 : 0)];
  if (trace.left && trace.outcome == fallback::Outcome::ok) ++fallbacks[Key::pack(route, word(trace.left))];
  call_durations[Key::pack(route)].observe(bounds::call, record.total);
  if (record.first_content >= Nanos(0)) first_contents[Key::pack(route)].observe(bounds::call, record.first_content);
  overhead.observe(bounds::overhead, record.overhead);
  for (const auto& attempt : trace.attempts) count_attempt(attempt, names);
  count_tokens(trace, names);
}

void Counters::count_attempt(const fallback::Attempt& attempt, const Names& names) {
  const NameId provider = names.providers.id(attempt.provider);
  ++attempts[Key::pack(provider, names.model(provider, attempt.model), word(attempt.reason),
                       static_cast<std::uint16_t>(attempt.verdict))];
  attempt_durations[Key::pack(provider)].observe(bounds::call, Millis(attempt.duration_ms));
  if (attempt.refresh != fallback::RefreshOutcome::none)
    ++refreshes[Key::pack(provider, static_cast<std::uint16_t>(attempt.refresh))];
}

void Counters::count_tokens(const fallback::Trace& trace, const Names& names) {
  if (!trace.served_by) return;
  const auto& usage = trace.usage;
  const std::int64_t told[token_types] = {usage.prompt,      usage.completion, usage.cached,
                                          usage.cache_write, usage.reasoning,  usage.audio};
  const NameId provider = names.providers.id(trace.served_by->provider),
               model = names.model(provider, trace.served_by->model);
  for (std::uint16_t type = 0; type < token_types; ++type) {
    if (told[type] > 0) tokens[Key::pack(provider, model, type)] += static_cast<std::uint64_t>(told[type]);
  }
}

void Counters::limited(Limit limit, std::string_view name, const Names& names) {
  const bool of_key = limit <= Limit::key_concurrency;
  ++limits[Key::pack(static_cast<std::uint16_t>(limit), of_key ? names.keys.id(name) : names.routes.id(name))];
}

void Counters::add(const Counters& other) {
  merge(requests, other.requests);
  merge(calls, other.calls);
  merge(attempts, other.attempts);
  merge(refreshes, other.refreshes);
  merge(fallbacks, other.fallbacks);
  merge(tokens, other.tokens);
  merge(limits, other.limits);
  merge(call_durations, other.call_durations);
  merge(first_contents, other.first_contents);
  merge(attempt_durations, other.attempt_durations);
  overhead.add(other.overhead);
  gone += other.gone;
  calls_in_flight += other.calls_in_flight;
  streams_open += other.streams_open;
  log_dropped += other.log_dropped;
  spans_dropped += other.spans_dropped;
  front.accepted += other.front.accepted;
  front.requests += other.front.requests;
  front.bytes_in += other.front.bytes_in;
  front.bytes_out += other.front.bytes_out;
  front.open += other.front.open;
  front.active += other.front.active;
  front.refused += other.front.refused;
  front.gone += other.front.gone;
}

}  // namespace belay::gateway::sight
