#include "http/sse.hpp"

#include <algorithm>

namespace belay::http {
namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";
constexpr std::size_t kept_capacity =
    64u << 10;  // an unusually large event does not hold its memory for the rest of the stream

void reset(std::string& text) {
  if (text.capacity() > kept_capacity)
    std::string().swap(text);
  else
    text.clear();
}

}  // namespace

SseParser::SseParser(std::size_t limit) : limit_(limit) {}

Result<void> SseParser::feed(std::string_view piece, const Sink& sink) {
  if (dead_) return fail("the event stream has already ended");
  if (bom_ < bom.size()) piece = settle_bom(piece);
  if (after_cr_ && !piece.empty()) {
    after_cr_ = false;
    if (piece.front() == '\n') {
      piece.remove_prefix(1);
      if (!blank_ && ++size_ > limit_) return too_large();
    }
  }

  Open open{data_, event_};
  // Both line ends are looked up ahead and kept, so that a piece full of one kind is not searched again and again for
  // the other.
  std::size_t at = 0, lf = piece.find('\n'), cr = piece.find('\r');
  while (at < piece.size()) {
    if (lf < at) lf = piece.find('\n', at);
    if (cr < at) cr = piece.find('\r', at);
    const std::size_t end = std::min(lf, cr);
    if (end == std::string_view::npos) break;

    std::size_t line_end = 1;
    if (end == cr && lf == cr + 1) line_end = 2;
    if (end == cr && end + 1 == piece.size()) after_cr_ = true;
    const std::string_view text = piece.substr(at, end - at);
    at = end + line_end;

    if (carry_.empty()) {
      if (auto done = line(text, line_end, open, sink); !done) return done;
    } else {
      carry_ += text;
      auto done = line(carry_, line_end, open, sink);
      keep(open);
      reset(carry_);
      if (!done) return done;
    }
  }
  keep(open);
  carry_ += piece.substr(std::min(at, piece.size()));
  if (size_ + carry_.size() > limit_) return too_large();
  return {};
}

Result<void> SseParser::finish(const Sink& sink) {
  if (dead_) return fail("the event stream has already ended");
  if (bom_ < bom.size()) carry_ = bom.substr(0, bom_);
  Open open{data_, event_};
  if (!carry_.empty()) field(carry_, open);
  dispatch(open, sink);
  dead_ = true;
  return {};
}

/// Takes a BOM off the start of the stream, whatever pieces it comes in.
std::string_view SseParser::settle_bom(std::string_view piece) {
  while (!piece.empty() && bom_ < bom.size()) {
    if (piece.front() != bom[bom_]) {
      carry_ = bom.substr(0, bom_);
      bom_ = bom.size();
      break;
    }
    piece.remove_prefix(1);
    ++bom_;
  }
  return piece;
}

Result<void> SseParser::line(std::string_view text, std::size_t line_end, Open& open, const Sink& sink) {
  blank_ = text.empty();
  if (blank_) {
    dispatch(open, sink);
    return {};
  }
  size_ += text.size() + line_end;
  if (size_ > limit_) return too_large();
  field(text, open);
  return {};
}

void SseParser::field(std::string_view text, Open& open) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);

  if (name == "data") {
    add_data(value, open);
  } else if (name == "event") {
    open.event = value;
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_ = value;
  }
}

void SseParser::add_data(std::string_view value, Open& open) {
  if (!any_) {
    any_ = true;
    open.data = value;
    return;
  }
  if (open.data.data() != data_.data()) data_ = open.data;
  data_ += '\n';
  data_ += value;
  open.data = data_;
}

void SseParser::dispatch(Open& open, const Sink& sink) {
  if (any_) sink({open.event, open.data, id_});
  any_ = false;
  size_ = 0;
  open = {};
  reset(data_);
  reset(event_);
}

/// Makes the unfinished event independent of the piece (or of carry_) it was read from.
void SseParser::keep(Open& open) {
  if (any_ && open.data.data() != data_.data()) data_ = open.data;
  if (open.event.data() != event_.data()) event_ = open.event;
  open = {data_, event_};
}

Error SseParser::too_large() {
  dead_ = true;
  return fail("a server-sent event is larger than " + std::to_string(limit_) + " bytes");
}

}  // namespace belay::http
