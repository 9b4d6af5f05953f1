// Which chain a call walks: options beat the request's model, which beats the route `default`, which beats `auto`.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "runtime/settings.hpp"

namespace belay::cli {

struct Wish {
  std::optional<std::string> route, target;  ///< --route, --target
  std::optional<std::string> model;          ///< the request's own
};

/// At most one is set; none: the request's own model decides.
struct Choice {
  std::optional<std::string> route, target;
};

/// The error names what is configured.
Result<Choice> choose(const runtime::Settings& settings, const Wish& wish);

}  // namespace belay::cli
