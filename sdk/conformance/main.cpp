// belay-conform: proves that a plugin keeps the ABI.
#include <cstdio>
#include <string>
#include <vector>

#include "belay/version.h"
#include "options.hpp"
#include "run/child.hpp"
#include "tool.hpp"

int main(int count, char** words) {
  using namespace belay::conform;
  if (count == 2 && std::string(words[1]) == child_argument) child_main();

  const std::vector<std::string> given(words + 1, words + count);
  const auto options = parse_options(given);
  if (!options) {
    std::fprintf(stderr, "belay-conform: %s\n", options.error().message.c_str());
    return static_cast<int>(Exit::usage);
  }
  if (options->help) {
    std::fputs(help_text().c_str(), stdout);
    return 0;
  }
  if (options->version) {
    std::printf("belay-conform %s, belay ABI %d.%d%s\n", BELAY_VERSION, BELAY_ABI_MAJOR, BELAY_ABI_MINOR, BELAY_ABI_DRAFT != 0 ? " draft" : "");
    return 0;
  }
  return static_cast<int>(run_tool(*options));
}
