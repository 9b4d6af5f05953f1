// Writing to a descriptor whole: short writes, busy readers, readers that went away.
#pragma once

#include <string_view>

namespace belay::cli {

enum class Written {
  whole,
  reader_gone,  ///< EPIPE: whoever read has seen enough
  failed,       ///< errno says why
  interrupted,  ///< `interrupt` became readable while the reader was not reading
};

/// Writes all of `text`. `interrupt` is a descriptor that ends the waiting when readable, or -1. [blocks]
Written write_all(int fd, std::string_view text, int interrupt = -1);

/// Writes what a pipe or terminal that is ready takes without blocking: how many bytes. 0 with `result` not `whole`
/// when it can't be written to.
std::size_t write_some(int fd, std::string_view text, Written& result);

/// Makes sure that descriptors 0 to 2 are open, so that no file or socket of ours ever gets one of these numbers and
/// receives what was meant for a person. One that was closed reads as empty; writing to it fails.
void keep_standard_descriptors();

/// A write to a reader that went away returns an error instead of ending the process. Programs that are started from
/// here get the usual behaviour back, which an ignored signal would not give them.
void survive_closed_pipes();

}  // namespace belay::cli
