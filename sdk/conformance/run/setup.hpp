// The setup of a child as bytes through a pipe: which check, what of. The key of the verdict goes before it, as raw bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "run/child.hpp"

namespace belay::conform {

struct Errand {
  std::string check;
  ChildSetup setup;
};

std::string pack(const Errand& errand);
Result<Errand> unpack(std::string_view bytes);

}  // namespace belay::conform
