// What a plugin must leave as it was (P17): everything that belongs to the whole process. Taken before and after, compared, told in sentences.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace belay::conform {

/// What the process holds open: descriptors, threads, file mappings, files in its private folders.
struct Holdings {
  std::map<int, std::string> descriptors;         ///< number -> what it leads to
  std::vector<int> threads;                       ///< task ids, sorted
  std::map<std::string, int> mappings;            ///< path (or "anonymous, executable") -> how many; the heap's own are left out, they breathe
  std::vector<std::string> files;                 ///< in the given folder, relative, sorted
};
/// `folder`: the private one of this child (HOME, TMPDIR, working directory).
Holdings holdings(const std::string& folder);
/// What `after` has and `before` had not, or the reverse: "descriptor 7 (socket:[123]) was left open"; nullopt: nothing.
std::optional<std::string> difference(const Holdings& before, const Holdings& after);

/// Threads of this process now; waits up to a second for them to become `expected`, since one that was joined may take a moment to vanish.
std::vector<int> threads_settling_to(std::size_t expected);

/// Attributes of the process and of the calling thread.
struct ProcessState {
  std::array<std::string, 65> signals;            ///< handler and flags by signal number
  std::string signal_mask, locale, thread_locale, working_directory;
  std::uint32_t umask = 0;
  std::vector<std::string> environment;           ///< sorted
  int rounding = 0;
  std::uint32_t float_control = 0;                ///< flush-to-zero, exception masks
  std::map<std::string, std::string> limits;      ///< rlimits by name
  std::map<std::string, std::string> stdio;       ///< "stdin flags" -> "plain", ...
  int nice = 0;
  std::string alternate_stack, thread_name;
  int dumpable = 0, session = 0, group = 0, death_signal = 0;
};
ProcessState process_state();
std::optional<std::string> difference(const ProcessState& before, const ProcessState& after);

}  // namespace belay::conform
