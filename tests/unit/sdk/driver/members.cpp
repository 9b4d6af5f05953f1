#include "members.hpp"

#include <cstddef>
#include <string_view>

namespace belay::driver {

namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' || text_[at_] == '\n'))
      ++at_;
  }
  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  /// With its quotes.
  std::string_view string() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
    return text_.substr(begin, at_ - begin);
  }
  std::string_view value() {
    skip_space();
    const std::size_t begin = at_;
    int depth = 0;
    do {
      const char c = text_[at_];
      if (c == '"') {
        string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
      if (depth == 0 && (c == '}' || c == ']')) break;
    } while (at_ < text_.size() &&
             (depth > 0 || std::string_view(",} \t\r\n").find(text_[at_]) == std::string_view::npos));
    return text_.substr(begin, at_ - begin);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<belay_member> members_of(belay_str body) {
  std::vector<belay_member> out;
  if (body.len == 0) return out;
  Scanner scan({body.ptr, body.len});
  if (!scan.take('{')) return out;
  do {
    scan.skip_space();
    if (scan.take('}')) break;
    const std::string_view name = scan.string();
    scan.take(':');
    const std::string_view value = scan.value();
    out.push_back({{name.data() + 1, name.size() - 2}, {value.data(), value.size()}});
  } while (scan.take(','));
  return out;
}

}  // namespace belay::driver
