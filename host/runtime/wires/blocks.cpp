#include "blocks.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace belay::runtime::wires {
namespace {

std::string_view view(belay_str text) { return {text.ptr == nullptr ? "" : text.ptr, static_cast<std::size_t>(text.len)}; }

}  // namespace

void Blocks::on_event(const belay_event& event) {
  switch (event.type) {
    case BELAY_EVENT_TEXT: return add(Block::Kind::text, view(event.a));
    case BELAY_EVENT_REASONING: return add(Block::Kind::reasoning, view(event.a));
    case BELAY_EVENT_REFUSAL: return add(Block::Kind::refusal, view(event.a));
    case BELAY_EVENT_TOOL_BEGIN:
      tools_.emplace_back(event.index, blocks_.size());
      return begin({Block::Kind::tool, std::string(view(event.a)), std::string(view(event.b)), {}, false});
    case BELAY_EVENT_TOOL_ARGS: return append(tool(event.index), view(event.a));
    case BELAY_EVENT_TOOL_END:
      blocks_[tool(event.index)].ended = true;
      return advance();
    default: return;
  }
}

/// The grammar of events was checked: the call has begun.
std::size_t Blocks::tool(std::uint32_t index) {
  return std::find_if(tools_.rbegin(), tools_.rend(), [index](const auto& one) { return one.first == index; })->second;
}

void Blocks::add(Block::Kind kind, std::string_view piece) {
  if (piece.empty()) return;
  if (blocks_.empty() || blocks_.back().kind != kind) begin({kind, {}, {}, {}, false});
  append(blocks_.size() - 1, piece);
}

void Blocks::begin(Block block) {
  blocks_.push_back(std::move(block));
  if (blocks_.size() == 1) sink_.on_open(blocks_.front(), 0);
  else advance();
}

void Blocks::append(std::size_t at, std::string_view piece) {
  if (piece.empty()) return;
  blocks_[at].text += piece;
  if (at != front_) return;
  sink_.on_piece(blocks_[at], at, piece);
  advance();
}

/// The next block begins when there is one and nothing more comes for the open one.
void Blocks::advance() {
  while (front_ + 1 < blocks_.size() && is_complete(blocks_[front_])) next();
}

void Blocks::next() {
  sink_.on_close(blocks_[front_], front_);
  if (++front_ == blocks_.size()) return;
  const Block& block = blocks_[front_];
  sink_.on_open(block, front_);
  if (!block.text.empty()) sink_.on_piece(block, front_, block.text);
}

/// Plugins may end all calls together when the answer ends; arguments that are whole are not waited for until then.
bool Blocks::is_complete(const Block& block) const {
  if (block.kind != Block::Kind::tool || block.ended) return true;
  const auto last = block.text.find_last_not_of(" \t\r\n");
  return last != std::string::npos && block.text[last] == '}' && json::parse(block.text).ok();
}

void Blocks::finish() {
  if (finished_) return;
  finished_ = true;
  while (front_ < blocks_.size()) next();
}

}  // namespace belay::runtime::wires
