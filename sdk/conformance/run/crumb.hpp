// Breadcrumbs: a page that the child shares with its supervisor, so that what was under way is known although the child is dead. The plugin could write to it:
// nothing there can make a check pass, and its text is shown only after printable().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace belay::conform {

/// The child left because a filter trapped a system call.
inline constexpr int trapped_exit_code = 86;

/// Size of the shared file: the page of breadcrumbs, then room for a backtrace, which is written to the descriptor itself.
inline constexpr std::size_t crumb_bytes = 4096;

/// In the child (or in the tool with --in-process): from here on breadcrumbs go to this shared memory; fd < 0: to private memory.
void lay_crumbs_in(int fd);

/// "STRM-02: split at 118"; cut at 1 KiB. Async-signal-safe.
void note_doing(std::string_view what);
/// Async-signal-safe.
void note_trapped_call(long number);

struct Crumbs {
  std::string doing;
  long trapped_call = -1;  ///< none
  std::string backtrace;
};
/// In the supervisor, when the child is gone.
Crumbs read_crumbs(int fd);

}  // namespace belay::conform
