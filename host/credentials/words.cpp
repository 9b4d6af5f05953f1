#include <array>
#include <cstddef>

#include "credentials/refresh.hpp"

namespace belay::credentials {
namespace {

constexpr std::array<std::string_view, 7> outcomes{
    "none", "refreshed", "unchanged", "not_applicable", "failed_transient", "failed_permanent", "needs_interaction"};
constexpr std::array<std::string_view, 6> causes{"rejected", "forbidden", "missing", "expired", "advisory", "operator"};

template <typename Word, std::size_t N>
std::optional<Word> parse(const std::array<std::string_view, N>& words, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == word) return static_cast<Word>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(RefreshOutcome outcome) { return outcomes[static_cast<std::size_t>(outcome)]; }
std::optional<RefreshOutcome> parse_refresh_outcome(std::string_view word) {
  return parse<RefreshOutcome>(outcomes, word);
}

std::string_view to_string(Cause cause) { return causes[static_cast<std::size_t>(cause)]; }
std::optional<Cause> parse_cause(std::string_view word) { return parse<Cause>(causes, word); }

}  // namespace belay::credentials
