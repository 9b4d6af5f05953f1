#include "drive/reasons.hpp"

#include <array>

#include "belay/event.h"
#include "belay/refresh.h"
#include "drive/play.hpp"

namespace belay::conform {
namespace {

constexpr std::array<std::string_view, 16> reasons = {"unknown", "auth_rejected", "quota_exhausted", "rate_limited", "overloaded", "server_error",
                                                      "unreachable", "timed_out", "model_unavailable", "permission_denied", "invalid_reply",
                                                      "unsupported_parameter", "context_too_long", "request_too_large", "bad_request", "content_refused"};
constexpr std::array<std::string_view, 6> scopes = {"default", "request", "target", "credential_model", "credential", "endpoint"};
// These two begin at 1.
constexpr std::array<std::string_view, 7> causes = {"", "rejected", "forbidden", "missing", "expired", "advisory", "operator"};
constexpr std::array<std::string_view, 8> outcomes = {"", "refreshed", "unchanged", "not_applicable", "failed_transient", "failed_permanent", "needs_interaction",
                                                      "cancelled"};
constexpr std::array<std::string_view, 6> stops = {"", "end", "length", "tools", "filter", "other"};

template <class Words>
std::optional<std::uint32_t> number_of(const Words& words, std::string_view word) {
  for (std::uint32_t i = 0; i < words.size(); ++i) {
    if (!words[i].empty() && words[i] == word) return i;
  }
  return std::nullopt;
}

template <class Words>
std::string_view word_of(const Words& words, std::uint64_t number) {
  return number < words.size() && !words[number].empty() ? words[number] : std::string_view("none of the ABI's");
}

}  // namespace

std::string_view reason_name(std::uint32_t reason) { return word_of(reasons, reason); }
std::string_view scope_name(std::uint32_t scope) { return word_of(scopes, scope); }
std::string_view stop_name(std::int64_t stop) { return stop < 1 || stop > 5 ? stops[5] : stops[static_cast<std::size_t>(stop)]; }

std::optional<std::uint32_t> reason_number(std::string_view word) { return number_of(reasons, word); }
std::optional<std::uint32_t> scope_number(std::string_view word) { return number_of(scopes, word); }
std::optional<std::uint32_t> cause_number(std::string_view word) { return number_of(causes, word); }
std::optional<std::uint32_t> cassette_outcome(std::string_view word) { return number_of(outcomes, word); }
std::uint32_t cause_of(std::string_view word) { return cause_number(word).value_or(BELAY_CAUSE_REJECTED); }
std::optional<std::int64_t> stop_number(std::string_view word) {
  const auto number = number_of(stops, word);
  return number ? std::optional<std::int64_t>(*number) : std::nullopt;
}

}  // namespace belay::conform
