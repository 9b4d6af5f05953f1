// LinePipe: lines of text on their way from one loop to the thread that writes them, without a lock: blocks that the loop
// fills and the writer empties and gives back, so that a log under way needs a few warm blocks and one that stalls gets more,
// up to a limit.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "spsc.hpp"

namespace belay::gateway::sight {

class LinePipe {
 public:
  /// Room for at least that many bytes.
  explicit LinePipe(std::size_t bytes);
  ~LinePipe();
  LinePipe(const LinePipe&) = delete;
  LinePipe& operator=(const LinePipe&) = delete;

  /// false: there is no room, and the line is lost. [the loop]
  bool put(std::string_view line);
  /// Appends what there is, at most about `most` bytes, always whole lines; false: there was nothing. [the writer]
  bool take(std::string& to, std::size_t most);

 private:
  struct Block {
    explicit Block(std::size_t size) : bytes(std::make_unique_for_overwrite<char[]>(size)), capacity(size) {}
    std::unique_ptr<char[]> bytes;
    std::size_t capacity, taken = 0;       // `taken`: the writer's
    std::atomic<std::size_t> filled{0};    // whole lines
    std::atomic<Block*> next{nullptr};     // set when this one gets no more
  };

  Block* another(std::size_t at_least);

  const std::size_t block_size_, most_blocks_;
  SpscQueue<Block*> emptied_;          // from the writer back to the loop
  std::atomic<std::size_t> blocks_{1};
  Block* filling_;                     // the loop's
  Block* taking_;                      // the writer's
};

}  // namespace belay::gateway::sight
