// The checks of the Debian package prometheus.
#pragma once

#include <string>
#include <vector>

namespace belay::gateway::test {

struct Ran {
  int exit = -1;
  std::string said;  ///< stdout and stderr
};

/// Runs promtool with `input` on its stdin. The test fails where it is not installed.
Ran promtool(const std::vector<std::string>& arguments, const std::string& input = "");

}  // namespace belay::gateway::test
