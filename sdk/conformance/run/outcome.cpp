#include "run/outcome.hpp"

#include <array>

namespace belay::conform {

std::string_view to_string(Status status) {
  static constexpr std::array<std::string_view, 8> names = {"pass", "fail", "warn", "skip", "not_applicable", "crash", "hang", "leaked"};
  return names[static_cast<std::size_t>(status)];
}

bool failed(Status status) { return status == Status::fail || status == Status::crash || status == Status::hang || status == Status::leaked; }

}  // namespace belay::conform
