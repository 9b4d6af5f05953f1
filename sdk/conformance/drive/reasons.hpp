// The ABI's numbers as the words of cassettes and reports, and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace belay::conform {

/// "rejected", "forbidden", "missing", "expired", "advisory", "operator"; an unknown word is REJECTED.
std::uint32_t cause_of(std::string_view);
std::optional<std::uint32_t> cause_number(std::string_view);
std::optional<std::uint32_t> reason_number(std::string_view);
std::optional<std::uint32_t> scope_number(std::string_view);
/// "refreshed", "unchanged", "not_applicable", "failed_transient", "failed_permanent", "needs_interaction", "cancelled"
std::optional<std::uint32_t> cassette_outcome(std::string_view);
/// "end", "length", "tools", "filter", "other"
std::string_view stop_name(std::int64_t);
std::optional<std::int64_t> stop_number(std::string_view);

}  // namespace belay::conform
