#include "drive/call.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace belay::conform {

ErrorPaper::ErrorPaper(std::optional<std::uint32_t> room) {
  if (!room) return;
  cap_ = *room;
  room_ = loan_.room(cap_ + mark_bytes);
  raw_ = loan_.object(belay_error{sizeof(belay_error), 0, {room_, cap_, 0}});
}

std::string ErrorPaper::text() const { return raw_ == nullptr ? std::string() : std::string(room_, std::min(raw_->text.len, cap_)); }

std::string ErrorPaper::breach() const {
  if (raw_ == nullptr) return {};
  const bool beyond = std::any_of(room_ + cap_, room_ + cap_ + mark_bytes, [](char c) { return static_cast<unsigned char>(c) != Loan::poison; });
  if (beyond) return "wrote beyond the room for its error text";
  if (raw_->size != sizeof(belay_error)) return "wrote over the size of belay_error";
  return text_breach(raw_->text, room_, cap_, "error text");
}

std::string text_breach(const belay_text& text, const char* room, std::uint32_t cap, std::string_view what) {
  const std::string name(what);
  if (text.ptr != room || text.cap != cap) return "changed ptr or cap of its " + name + ", which are the host's";
  if (text.len > cap) return "says that its " + name + " has " + std::to_string(text.len) + " bytes, in a room of " + std::to_string(cap);
  const std::string_view written(room, text.len);
  if (!valid_utf8(written)) return "wrote a " + name + " that is no whole UTF-8: \"" + printable(written.substr(0, 80)) + "\"";
  if (written.find('\0') != std::string_view::npos) return "wrote a " + name + " with a NUL in it";
  return {};
}

}  // namespace belay::conform
