#include "text_guard.hpp"

#include "base/utf8.hpp"

namespace belay::config {
namespace {

/// Walks the text as TOML's lexer does as far as strings and comments go. A text that leaves TOML's grammar may be
/// misread from there on, but there the parser stops as well.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  std::optional<TextFault> run() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    while (at_ < text_.size() && !fault_) outside();
    return std::move(fault_);
  }

 private:
  [[nodiscard]] bool ahead(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  [[nodiscard]] bool ascii() const { return static_cast<unsigned char>(text_[at_]) < 0x80; }

  /// One byte on; a character is counted at its first byte.
  void step() {
    const auto byte = static_cast<unsigned char>(text_[at_++]);
    if (byte == '\n') {
      ++line_;
      column_ = 1;
    } else if ((byte & 0xc0) != 0x80) {
      ++column_;
    }
  }
  void step(std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) step();
  }
  void stop(std::string problem, std::string remedy) {
    fault_ = {line_, column_, std::move(problem), std::move(remedy)};
  }

  void outside() {
    if (!ascii())
      return stop("a character that is not ASCII stands outside strings and comments", "put the text in quotes");
    const char c = text_[at_];
    if (c == '#') return comment();
    if (c == '"' || c == '\'') return string(c);
    if (c == '.' && ++dots_ > dot_limit)
      return stop("a key with more than " + std::to_string(dot_limit) + " dots", "use fewer levels");
    // A key, or a number, ends at any of these; quoted parts, blanks and bare characters belong to it.
    if (c == '=' || c == ',' || c == '[' || c == ']' || c == '{' || c == '}' || c == '\n') dots_ = 0;
    step();
  }

  void comment() {
    while (at_ < text_.size() && text_[at_] != '\n') step();
  }

  void string(char quote) {
    const std::string_view triple = quote == '"' ? R"(""")" : "'''";
    if (ahead(triple)) return multi_line(triple);
    step();
    while (at_ < text_.size() && text_[at_] != '\n') {
      if (text_[at_] == quote) return step();
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') step();
      step();
    }
  }

  void multi_line(std::string_view triple) {
    step(3);
    while (at_ < text_.size() && !fault_) {
      if (ahead(triple)) {
        step(3);
        for (int more = 0; more < 2 && at_ < text_.size() && text_[at_] == triple[0]; ++more) step();
        return;
      }
      if (triple[0] == '"' && text_[at_] == '\\') {
        escape();
      } else {
        step();
      }
    }
  }

  /// In """...""" a backslash at the end of a line swallows white space, and toml++ asks its faulty tables what white
  /// space is.
  void escape() {
    step();
    const auto blank = [&] {
      return text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' || text_[at_] == '\n';
    };
    if (at_ < text_.size() && ascii() && !blank()) return step();
    while (at_ < text_.size() && ascii() && blank()) step();
    if (at_ < text_.size() && !ascii()) {
      stop("a character that is not ASCII follows a backslash",
           "end the line without the backslash, or write the character as \\uXXXX");
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t dots_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  std::optional<TextFault> fault_;
};

}  // namespace

std::optional<TextFault> guard_text(std::string_view text) {
  if (text.size() > file_limit) return TextFault{0, 0, "larger than 1 MiB", "split it with include"};
  if (!valid_utf8(text)) {
    std::uint32_t line = 1, column = 1;
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t size = std::min<std::size_t>(4, text.size() - at);
      std::size_t whole = 1;
      while (whole <= size && !valid_utf8(text.substr(at, whole))) ++whole;
      if (whole > size) break;
      column = text[at] == '\n' ? 1 : column + 1;
      line += text[at] == '\n';
      at += whole;
    }
    return TextFault{line, column, "not UTF-8 text", "save the file as UTF-8"};
  }
  return Walk(text).run();
}

}  // namespace belay::config
