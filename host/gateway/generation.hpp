// Generation: one configuration in force, and what was made from it. Immutable; a call holds on to the one it began with.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "keys.hpp"
#include "limits.hpp"
#include "runtime/runtime.hpp"

namespace belay::gateway {

struct Generation {
  std::shared_ptr<runtime::Runtime> runtime;   ///< its last owner may be a loop thread: the deleter sees to that
  KeyRing keys;
  std::map<std::string, std::shared_ptr<Budget>, std::less<>> budgets;
  bool spans = false;                          ///< every call gets a trace context, not only one whose caller sent it

  [[nodiscard]] const runtime::GatewaySettings& settings() const { return runtime->settings().gateway; }
};

using GenerationPtr = std::shared_ptr<const Generation>;

}  // namespace belay::gateway
