// What the machine reads of the request: which members it has, and its output cap in the name under which it goes out.
#include <algorithm>
#include <charconv>
#include <limits>

#include "fallback/machine.hpp"

namespace belay::fallback {

bool Machine::has_member(std::string_view name) const {
  return std::any_of(members_.begin(), members_.end(), [name](const json::Member& member) { return member.name == name; });
}

/// The output cap that the request has now; without one there is no limit.
std::int64_t Machine::cap_now(const std::string& parameter) const {
  std::int64_t cap = std::numeric_limits<std::int64_t>::max();
  const auto read = [&cap](std::string_view text) { std::from_chars(text.data(), text.data() + text.size(), cap); };
  for (const json::Member& member : members_) {
    const bool renamed = std::any_of(adjusted_.begin(), adjusted_.end(), [&](const Adjusted& one) { return one.parameter == member.name && one.to == "\"" + parameter + "\""; });
    if (member.name == parameter || renamed) read(member.value);
  }
  for (const Adjusted& one : adjusted_) {
    if (one.parameter == parameter) read(one.to);
  }
  return cap;
}

std::string Machine::cap_parameter() const {
  for (const auto* name : {"max_completion_tokens", "max_tokens", "max_output_tokens"}) {
    if (has_member(name)) {
      for (const Adjusted& adjusted : adjusted_) {
        if (adjusted.parameter == name && adjusted.to.size() > 2 && adjusted.to.front() == '"') return adjusted.to.substr(1, adjusted.to.size() - 2);
      }
      return name;
    }
  }
  return "max_tokens";
}

}  // namespace belay::fallback
