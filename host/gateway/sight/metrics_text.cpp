#include "metrics_text.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "credential_words.hpp"
#include "exposition.hpp"
#include "runtime/version.hpp"

namespace belay::gateway::sight {
namespace {

using Type = Exposition::Type;
using Key = SeriesKey;

template <typename Slot>
std::vector<std::pair<std::uint64_t, const Slot*>> sorted(const Series<Slot>& series) {
  std::vector<std::pair<std::uint64_t, const Slot*>> out;
  out.reserve(series.size());
  for (const auto& [key, slot] : series) out.emplace_back(key, &slot);
  std::sort(out.begin(), out.end());
  return out;
}

std::string_view reason_word(std::uint16_t reason) {
  return reason == no_reason ? "none" : to_string(static_cast<fallback::Reason>(reason));
}

std::string_view token_word(std::uint16_t type) {
  constexpr std::string_view words[token_types] = {"input", "output", "cached", "cache_write", "reasoning", "audio"};
  return words[type];
}

void requests(Exposition& to, const Counters& counters, const Names& names) {
  to.family("belay_requests_total", Type::counter,
            "Requests that are over, by path, status sent (none: the client left before one), wire and gateway key.");
  for (const auto& [key, count] : sorted(counters.requests)) {
    const auto status = Key::part(key, 1);
    to.sample({{"path", names.paths.word(Key::part(key, 0))},
               {"status", status == 0 ? "none" : std::to_string(status)},
               {"wire", names.wires.word(Key::part(key, 2))},
               {"key", names.keys.word(Key::part(key, 3))}},
              *count);
  }
  to.family("belay_clients_gone_total", Type::counter, "Requests whose client left before their end.");
  to.sample({}, counters.gone);
}

void calls(Exposition& to, const Counters& counters, const Names& names) {
  to.family("belay_calls_total", Type::counter,
            "Calls that are over, by route ((target): a target that was named directly) and outcome.");
  for (const auto& [key, count] : sorted(counters.calls)) {
    to.sample({{"route", names.routes.word(Key::part(key, 0))},
               {"outcome", to_string(static_cast<fallback::Outcome>(Key::part(key, 1)))},
               {"stream", Key::part(key, 2) != 0 ? "true" : "false"}},
              *count);
  }
  to.family("belay_fallbacks_total", Type::counter,
            "Calls that were answered by a later target than the first, by the reason why the first one was left.");
  for (const auto& [key, count] : sorted(counters.fallbacks)) {
    to.sample({{"route", names.routes.word(Key::part(key, 0))}, {"reason", reason_word(Key::part(key, 1))}}, *count);
  }
  to.family("belay_calls_in_flight", Type::gauge, "Calls under way.");
  to.sample({}, counters.calls_in_flight);
  to.family("belay_streams_open", Type::gauge, "Calls under way whose content flows to the client.");
  to.sample({}, counters.streams_open);
}

void attempts(Exposition& to, const Counters& counters, const Names& names) {
  to.family("belay_attempts_total", Type::counter,
            "Attempts, by target, what happened (none: answered) and what was done next.");
  for (const auto& [key, count] : sorted(counters.attempts)) {
    const auto provider = Key::part(key, 0);
    to.sample({{"provider", names.providers.word(provider)},
               {"model", names.model_word(provider, Key::part(key, 1))},
               {"reason", reason_word(Key::part(key, 2))},
               {"verdict", to_string(static_cast<fallback::Verdict>(Key::part(key, 3)))}},
              *count);
  }
  to.family("belay_refreshes_total", Type::counter, "Credential refreshes that a call asked for, by outcome.");
  for (const auto& [key, count] : sorted(counters.refreshes)) {
    to.sample({{"provider", names.providers.word(Key::part(key, 0))},
               {"outcome", credentials::to_string(static_cast<fallback::RefreshOutcome>(Key::part(key, 1)))}},
              *count);
  }
  to.family("belay_tokens_total", Type::counter, "Tokens that upstreams told of, by target and type.");
  for (const auto& [key, count] : sorted(counters.tokens)) {
    const auto provider = Key::part(key, 0);
    to.sample({{"provider", names.providers.word(provider)},
               {"model", names.model_word(provider, Key::part(key, 1))},
               {"type", token_word(Key::part(key, 2))}},
              *count);
  }
}

void durations(Exposition& to, std::string_view name, std::string_view help, std::string_view label,
               const NameTable& words, const Series<CallHistogram>& series) {
  to.family(name, Type::histogram, help);
  for (const auto& [key, histogram] : sorted(series))
    to.histogram<bounds::call.size()>({{label, words.word(Key::part(key, 0))}}, bounds::call, *histogram);
}

void times(Exposition& to, const Counters& counters, const Names& names) {
  durations(to, "belay_call_duration_seconds", "Calls from their whole head to their end.", "route", names.routes,
            counters.call_durations);
  durations(to, "belay_first_content_seconds", "Streamed calls until their first content.", "route", names.routes,
            counters.first_contents);
  durations(to, "belay_attempt_duration_seconds", "Attempts, whatever their end.", "provider", names.providers,
            counters.attempt_durations);
  to.family("belay_overhead_seconds", Type::histogram,
            "What the gateway itself added to a call: without attempts, waits and refreshes.");
  to.histogram<bounds::overhead.size()>({}, bounds::overhead, counters.overhead);
}

void limits(Exposition& to, const Counters& counters, const Names& names) {
  constexpr std::string_view words[] = {"requests", "tokens", "concurrency", "requests", "tokens"};
  to.family("belay_limits_hit_total", Type::counter,
            "Requests turned away by a limit of ours: of a gateway key, or the budget of a route.");
  for (const auto& [key, count] : sorted(counters.limits)) {
    const auto limit = Key::part(key, 0);
    const bool of_key = limit <= static_cast<std::uint16_t>(Limit::key_concurrency);
    to.sample({{"scope", of_key ? "key" : "route"},
               {"name", (of_key ? names.keys : names.routes).word(Key::part(key, 1))},
               {"limit", words[limit]}},
              *count);
  }
}

void front(Exposition& to, const FrontCounts& counts) {
  to.family("belay_connections_open", Type::gauge, "Client connections.");
  to.sample({}, counts.open);
  to.family("belay_connections_active", Type::gauge, "Client connections with a request under way.");
  to.sample({}, counts.active);
  to.family("belay_connections_accepted_total", Type::counter, "Client connections accepted.");
  to.sample({}, counts.accepted);
  to.family("belay_front_refusals_total", Type::counter,
            "Requests refused because they were not legal, too large or too slow.");
  to.sample({}, counts.refused);
  to.family("belay_received_bytes_total", Type::counter, "Bytes from clients.");
  to.sample({}, counts.bytes_in);
  to.family("belay_sent_bytes_total", Type::counter, "Bytes to clients.");
  to.sample({}, counts.bytes_out);
}

void holds(Exposition& to, const runtime::Status& status) {
  std::map<std::pair<std::string_view, std::string_view>, int> counts;
  for (const auto& hold : status.holds) ++counts[{hold.scope, to_string(hold.reason)}];
  to.family("belay_holds", Type::gauge,
            "Credentials, targets and endpoints that are left alone now, by scope and reason.");
  for (const auto& [key, count] : counts) to.sample({{"scope", key.first}, {"reason", key.second}}, count);
}

void credential_states(Exposition& to, const runtime::Status& status) {
  std::map<std::pair<std::string_view, std::string_view>, int> states;
  std::map<std::string_view, int> people;
  for (const auto& credential : status.credentials) {
    ++states[{credential.provider, metric_word(credential.availability)}];
    people[credential.provider] += needs_a_person(credential) ? 1 : 0;
  }
  to.family("belay_credentials", Type::gauge, "Configured credentials, by provider and state.");
  for (const auto& [key, count] : states) to.sample({{"provider", key.first}, {"state", key.second}}, count);
  to.family("belay_credentials_waiting_for_person", Type::gauge,
            "Credentials that only a person can bring back (see belay status).");
  for (const auto& [provider, count] : people) to.sample({{"provider", provider}}, count);
  to.family("belay_credential_expiry_timestamp_seconds", Type::gauge,
            "When a credential expires, where that is known.");
  for (const auto& credential : status.credentials) {
    if (credential.expires)
      to.sample({{"provider", credential.provider}, {"credential", credential.id}},
                static_cast<double>(*credential.expires) / 1e3);
  }
}

void recorder(Exposition& to, const Readout& readout) {
  const auto& facts = readout.recorder;
  to.family("belay_access_log_lines_total", Type::counter, "Lines written to the access log.");
  to.sample({}, facts.lines);
  to.family("belay_access_log_dropped_lines_total", Type::counter,
            "Lines lost, because the queue was full or the log could not be written.");
  to.sample({{"cause", "queue"}}, readout.counters.log_dropped);
  to.sample({{"cause", "write"}}, facts.lines_lost);
  to.family("belay_spans_exported_total", Type::counter, "Spans that the collector took.");
  to.sample({}, facts.spans);
  to.family("belay_spans_dropped_total", Type::counter,
            "Spans lost, because a queue was full or the collector did not take them.");
  to.sample({{"cause", "queue"}}, readout.counters.spans_dropped + facts.spans_overflowed);
  to.sample({{"cause", "export"}}, facts.spans_refused);
}

void configuration(Exposition& to, const ReloadFacts& facts) {
  to.family("belay_configuration_reloads_total", Type::counter, "Reloads of the configuration, by result.");
  to.sample({{"result", "ok"}}, facts.ok);
  to.sample({{"result", "failed"}}, facts.failed);
  to.family("belay_configuration_last_reload_successful", Type::gauge,
            "1: the last configuration that was read is in force.");
  to.sample({}, facts.last_error.empty() ? 1 : 0);
  to.family("belay_configuration_loaded_timestamp_seconds", Type::gauge, "When the configuration in force was loaded.");
  to.sample({}, static_cast<double>(facts.loaded_at) / 1e3);
}

void process(Exposition& to, const Readout& readout) {
  const auto& facts = readout.process;
  to.family("belay_build_info", Type::gauge, "Always 1; the version is its label.");
  to.sample({{"version", runtime::version()}}, 1);
  to.family("belay_workers", Type::gauge, "Worker threads, each with a loop of its own.");
  to.sample({}, readout.workers);
  to.family("process_cpu_seconds_total", Type::counter, "User and system CPU time.");
  to.sample({}, facts.cpu_seconds);
  to.family("process_resident_memory_bytes", Type::gauge, "Resident memory.");
  to.sample({}, facts.resident_bytes);
  to.family("process_virtual_memory_bytes", Type::gauge, "Virtual memory.");
  to.sample({}, facts.virtual_bytes);
  to.family("process_open_fds", Type::gauge, "Open file descriptors.");
  to.sample({}, facts.open_fds);
  to.family("process_max_fds", Type::gauge, "Most file descriptors that may be open.");
  to.sample({}, facts.max_fds);
  to.family("process_threads", Type::gauge, "Threads.");
  to.sample({}, facts.threads);
  to.family("process_start_time_seconds", Type::gauge, "When the process started.");
  to.sample({}, facts.started);
}

}  // namespace

std::string metrics_text(const Readout& readout, const Names& names, const runtime::Status& status) {
  Exposition to;
  requests(to, readout.counters, names);
  calls(to, readout.counters, names);
  attempts(to, readout.counters, names);
  times(to, readout.counters, names);
  limits(to, readout.counters, names);
  front(to, readout.counters.front);
  holds(to, status);
  credential_states(to, status);
  recorder(to, readout);
  configuration(to, readout.reloads);
  process(to, readout);
  return to.take();
}

}  // namespace belay::gateway::sight
