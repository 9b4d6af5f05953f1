// One check in a process of its own: what the parent hands over, what the child's main does.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "check.hpp"

namespace belay::conform {

class SealedKey;

struct ChildSetup {
  std::string plugin;           ///< absolute path of the .so
  std::string provider;         ///< provider type under test; empty: the first
  std::string cassettes;        ///< folder, or empty: none found
  std::string temp;             ///< private folder of this child: HOME, TMPDIR and the working directory; removed by the parent
  std::string self;             ///< path of belay-conform, to run itself again (two-process checks)
  std::uint64_t seed = 1;
  bool certify = false;
  bool in_process = false;      ///< --in-process: no child, no limits, for a debugger
};

/// The hidden argument with which the tool starts itself; the setup comes through descriptor `setup_fd`.
inline constexpr const char* child_argument = "--child";

/// What a child finds open, beside stdin (nothing), stdout and stderr (files that are looked at when it is gone).
inline constexpr int setup_fd = 3, verdict_fd = 201, crumb_fd = 202;

/// main() of `belay-conform --child`: reads the setup, closes its descriptor, runs the check.
[[noreturn]] void child_main();

/// Runs one check and writes its verdict to the verdict descriptor, after the plugin was torn down; never returns normally to the parent's code:
/// leaves with _exit. A child that ends in any other way left no verdict, and that is a failure.
[[noreturn]] void run_child(const Check& check, const ChildSetup& setup, int verdict_descriptor, SealedKey& key);

}  // namespace belay::conform
