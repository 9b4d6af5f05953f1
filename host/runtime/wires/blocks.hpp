// Blocks: the pieces of an answer as one sequence. Other wires tell an answer block by block, each ended before the next begins; the events of a plugin may bring
// pieces of several tool calls in turn. What comes out of turn waits here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "belay/event.h"

namespace belay::runtime::wires {

struct Block {
  enum class Kind : std::uint8_t { text, reasoning, refusal, tool };
  Kind kind = Kind::text;
  std::string id, name;   ///< of a tool call
  std::string text;       ///< of a tool call: its arguments
  bool ended = false;     ///< of a tool call: no more of it comes
};

class BlockSink {
 public:
  virtual void on_open(const Block& block, std::size_t at) = 0;
  virtual void on_piece(const Block& block, std::size_t at, std::string_view piece) = 0;
  virtual void on_close(const Block& block, std::size_t at) = 0;

 protected:
  ~BlockSink() = default;
};

class Blocks {
 public:
  explicit Blocks(BlockSink& sink) : sink_(sink) {}
  /// TEXT, REASONING, REFUSAL, TOOL_BEGIN, TOOL_ARGS or TOOL_END; others are none of its business.
  void on_event(const belay_event& event);
  /// No more comes: what waits is told, everything is closed.
  void finish();
  [[nodiscard]] const std::vector<Block>& all() const { return blocks_; }
  /// Whether a tool was called.
  [[nodiscard]] bool calls_tools() const { return !tools_.empty(); }

 private:
  void add(Block::Kind kind, std::string_view piece);
  void begin(Block block);
  void append(std::size_t at, std::string_view piece);
  void advance();
  void next();
  [[nodiscard]] bool is_complete(const Block& block) const;
  std::size_t tool(std::uint32_t index);

  BlockSink& sink_;
  std::vector<Block> blocks_;
  std::size_t front_ = 0;                                       // the open one, when there is any
  std::vector<std::pair<std::uint32_t, std::size_t>> tools_;    // event.index: place in blocks_
  bool finished_ = false;
};

}  // namespace belay::runtime::wires
