#include <vector>

#include "checks/checks.hpp"

namespace belay::conform {

std::span<const Check* const> all_checks() {
  static const std::vector<const Check*> all = [] {
    std::vector<const Check*> out;
    for (const auto table : {load_checks(), metadata_checks(), lifecycle_checks(), thread_checks(), request_checks(), stream_checks(), error_checks(),
                             refresh_checks(), cancel_checks(), memory_checks(), fuzz_checks(), performance_checks()}) {
      for (const Check& check : table) out.push_back(&check);
    }
    return out;
  }();
  return all;
}

}  // namespace belay::conform
