// Page: 4 KiB of memory that all processes of one state folder share. It holds the version words, so that "has anything
// changed?" is a memory read, and the counters of pools, so that taking a turn is one atomic addition. A memory backend
// has one of its own.
//
// Nothing in it is a record: an empty page says that everything may have changed and counts from zero. A process that
// dies between the rename of a record and the word that tells of it leaves the others unaware until the area's next
// change, or until the state is opened next, whichever is first. Whoever cuts the file short while belay runs takes the
// memory away (SIGBUS), and whoever replaces it parts the processes: backups are put back while none runs. A signal
// handler of ours against that would be in the way of the program that embeds us.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/file.hpp"
#include "base/result.hpp"

namespace belay::state {

class Page {
 public:
  /// A page of this process alone.
  static std::unique_ptr<Page> in_memory();
  /// The page in `file`, filled when it is empty. Call it under a lock of that folder. `path` is for messages. The
  /// error of a file that holds something else says what to do.
  static Result<std::unique_ptr<Page>> in_file(const Fd& file, const std::filesystem::path& path);
  ~Page();
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  [[nodiscard]] std::uint64_t version() const;
  [[nodiscard]] std::uint64_t version(std::string_view area) const;
  /// Tells everyone that a record of `area` has changed.
  void changed(std::string_view area);
  void everything_changed();

  std::uint64_t count(std::string_view name, std::uint64_t by);

 private:
  struct Layout;
  Page(void* memory, bool mapped);

  void* memory_;
  bool mapped_;
  Layout& words_;
};

}  // namespace belay::state
