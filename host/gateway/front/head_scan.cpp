#include "head_scan.hpp"

#include <cstring>

namespace belay::gateway {

bool is_token_char(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return c != '\0' && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr;
}

HeadScan::Found HeadScan::look(std::string_view bytes) {
  if (bytes.empty()) return Found::more;
  if (!is_token_char(bytes.front())) return Found::no_http;
  for (;;) {
    const std::size_t lf = bytes.find('\n', at_);
    if (lf == std::string_view::npos) {
      at_ = bytes.size();
      return Found::more;
    }
    if (lf == line_ || bytes[lf - 1] != '\r') return Found::bare_lf;
    const bool empty = lf - 1 == line_;
    if (line_ > 0 && (bytes[line_] == ' ' || bytes[line_] == '\t')) return Found::folded;
    line_ = at_ = lf + 1;
    if (empty) return Found::end;
  }
}

}  // namespace belay::gateway
