#include "lexer.hpp"

#include <algorithm>
#include <array>

#include "text.hpp"

namespace belay::extractive {

namespace {

constexpr std::string_view file_endings[] = {
    "c",    "cc",      "cpp",    "h",       "hh",      "hpp",  "py",    "js",    "ts",    "tsx",    "jsx",
    "json", "jsonl",   "toml",   "yaml",    "yml",     "md",   "txt",   "sh",    "sql",   "go",     "rs",
    "java", "kt",      "rb",     "php",     "css",     "html", "xml",   "csv",   "tsv",   "log",    "conf",
    "ini",  "cfg",     "env",    "lock",    "service", "tf",   "proto", "ipynb", "pdf",   "docx",   "xlsx",
    "png",  "jpg",     "svg",    "gz",      "zip",     "tar",  "db",    "so",    "cmake", "gradle", "swift",
    "vue",  "avro",    "pem",    "key",     "crt",     "diff", "patch", "rst",   "tex",   "bak",    "pid",
    "sock", "parquet", "sqlite", "sqlite3", "timer",   "deb",  "rpm",   "whl",   "mjs",   "orc"};

constexpr std::string_view breaks = " \t\n\r,;()[]{}<>\"'`|=?!";

constexpr std::array<bool, 256> breaking = [] {
  std::array<bool, 256> out{};
  for (const char c : breaks) out[static_cast<unsigned char>(c)] = true;
  return out;
}();

bool is_break(char c) { return breaking[static_cast<unsigned char>(c)]; }

bool known_ending(std::string_view ending) { return ending.size() <= 7 && is_one_of(ending, file_endings); }

struct Letters {
  std::size_t digits = 0, upper = 0, lower = 0, wide = 0, under = 0, slash = 0, dots = 0, other = 0;
};

Letters count(std::string_view word) {
  Letters out;
  for (const char c : word) {
    if (is_digit(c))
      ++out.digits;
    else if (is_upper(c))
      ++out.upper;
    else if (is_lower(c))
      ++out.lower;
    else if (is_wide(c))
      ++out.wide;
    else if (c == '_')
      ++out.under;
    else if (c == '/')
      ++out.slash;
    else if (c == '.')
      ++out.dots;
    else
      ++out.other;
  }
  return out;
}

bool is_hex(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

/// "src/a.cpp:42:7" without the places in it.
std::string_view without_place(std::string_view word) {
  for (;;) {
    const std::size_t colon = word.rfind(':');
    if (colon == std::string_view::npos || colon == 0 ||
        word.find_first_not_of("0123456789", colon + 1) != std::string_view::npos)
      return word;
    word = word.substr(0, colon);
  }
}

bool looks_like_path(std::string_view word, const Letters& in) {
  if (in.slash == 0 || in.upper + in.lower == 0 || word.find("::") != std::string_view::npos) return false;
  if (word[0] == '/' || word[0] == '~' || word[0] == '.') return word.size() > 3 && !is_digit(word[1]);
  if (in.slash > 1 || in.under > 0 || word.back() == '/') return true;
  const std::size_t slash = word.find('/');
  // "and/or", "req/s" and "TCP/IP" are no paths; "docs/adr-7" and "src/main.c" are.
  const std::size_t dot = word.rfind('.');
  return (dot != std::string_view::npos && dot > slash && known_ending(word.substr(dot + 1))) ||
         (slash > 1 && word.find('-', slash) != std::string_view::npos) ||
         (slash > 1 && word.find_first_of("0123456789", slash) != std::string_view::npos && in.lower > 2);
}

bool looks_like_file(std::string_view word, const Letters& in) {
  const std::size_t dot = word.rfind('.');
  return in.slash == 0 && dot != std::string_view::npos && dot > 0 && known_ending(word.substr(dot + 1)) &&
         (dot > 1 || word.size() > 4 || is_lower(word[0]));
}

bool is_number(std::string_view word, const Letters& in) {
  if (in.digits == 0 || in.under > 0) return false;
  std::size_t at = 0;
  while (at < word.size() &&
         (std::string_view("+-~<>$#").find(word[at]) != std::string_view::npos || is_wide(word[at])))
    ++at;
  return at < word.size() && is_digit(word[at]);
}

float number_worth(std::string_view word, const Letters& in, bool has_unit) {
  const bool rich = in.upper + in.lower + in.wide > 0 || in.dots > 0 || in.other > 0 || in.slash > 0;
  if (in.digits >= 12) return .3f;  // time stamps and serial numbers
  if (in.digits >= 7 && word.find_first_of(",. ") == std::string_view::npos) return .5f;
  if (in.digits >= 3 || rich) return .9f;
  if (in.digits == 2) return has_unit ? .7f : .35f;
  return has_unit ? .45f : .1f;
}

/// "2 and 3", "4 of them": no unit.
bool is_joining(std::string_view word) {
  static constexpr std::string_view list[] = {"and",  "or",  "of", "in",  "to",  "is",   "at",   "by",  "for",
                                              "with", "on",  "as", "was", "are", "were", "from", "the", "that",
                                              "then", "but", "so", "if",  "it",  "than", "x"};
  return is_one_of(word, list);
}

/// With the word behind it, which says what is counted: "840 ms", "3 retries".
std::string_view with_unit(std::string_view text, std::size_t begin, std::size_t end) {
  if (end >= text.size() || (text[end] != ' ' && text[end] != '-')) return text.substr(begin, end - begin);
  if (text.substr(end, 2) == " %") return text.substr(begin, end + 2 - begin);
  std::size_t stop = end + 1;
  while (stop < text.size() && is_lower(text[stop])) ++stop;
  while (stop < text.size() && stop < end + 5 && is_alpha(text[stop])) ++stop;  // kWh, MB, UTC
  if (stop < text.size() && !is_space(text[stop]) &&
      std::string_view(".,;:)!?/").find(text[stop]) == std::string_view::npos)
    return text.substr(begin, end - begin);
  const std::size_t size = stop - end - 1;
  const bool counts = size > 0 && size <= 12 && !is_joining(text.substr(end + 1, size));
  return text.substr(begin, (counts ? stop : end) - begin);
}

Token word_token(std::string_view word, bool opening) {
  if (word.starts_with("./")) word.remove_prefix(2);
  const Letters in = count(word);
  const std::size_t letters = in.upper + in.lower;
  if (word.find("://") != std::string_view::npos) return {word, FactKind::path, .8f, opening};
  if (looks_like_path(word, in) || looks_like_file(word, in))
    return {without_place(word), FactKind::path, 1.f, opening};
  if (looks_like_file(without_place(word), in)) return {without_place(word), FactKind::path, 1.f, opening};
  if (word.size() >= 7 && in.digits > 0 && letters > 0 && is_hex(word))
    return {word, FactKind::identifier, .45f, opening};
  if (letters == 0) return {word, FactKind::word, 0, opening};
  const bool inner_capital = in.lower > 0 && in.upper > 0 && std::any_of(word.begin() + 1, word.end(), is_upper);
  if (word.starts_with("--") && letters > 1) return {word, FactKind::identifier, .6f, opening};
  if (in.under > 0 || word.find("::") != std::string_view::npos) return {word, FactKind::identifier, .6f, opening};
  if (word[0] == '@' || word[0] == '$' || word[0] == '#') return {word, FactKind::identifier, .6f, opening};
  if (in.digits > 0) return {word, FactKind::identifier, .6f, opening};
  if (in.lower == 0 && in.upper >= 2) return {word, FactKind::identifier, .4f, opening};
  if (in.dots > 0 && word.size() > 4) return {word, FactKind::identifier, .45f, opening};
  if (inner_capital) return {word, FactKind::identifier, .55f, opening};
  if (word.find('-') != std::string_view::npos && in.lower > 4) return {word, FactKind::identifier, .2f, opening};
  if (is_upper(word[0]) && in.lower >= 1 && in.slash == 0) return {word, FactKind::name, .8f, opening};
  return {word, FactKind::word, 0, opening};
}

class Lexer {
 public:
  Lexer(std::string_view text, Sort sort, std::vector<Token>& out) : text_(text), sort_(sort), out_(out) {}

  void run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_break(c)) {
        if (c == '`' || c == '"') quotation(c);
        if (c == '"' || c == '(' || c == '?' || c == '!') opening_ = true;
        ++at_;
      } else {
        word();
      }
    }
    join_names();
  }

 private:
  /// A command or code of several words in back quotes is a fact as a whole.
  void quotation(char mark) {
    const std::size_t close = text_.substr(0, at_ + 100).find(mark, at_ + 1);
    if (close == std::string_view::npos) return;
    const auto inside = text_.substr(at_ + 1, close - at_ - 1);
    if (inside.size() < 4 || inside.find(' ') == std::string_view::npos) return;
    if (!is_alnum(inside.front()) && !is_wide(inside.front()) && inside.front() != '-' && inside.front() != '.' &&
        inside.front() != '/')
      return;
    if (mark == '`' || sort_ == Sort::sentence)
      out_.push_back({inside, FactKind::command, mark == '`' ? .7f : .5f, false});
  }

  void word() {
    const std::size_t begin = at_;
    // "dt=2026-10-14" is part of a path when a slash is before it.
    for (bool slash = false; at_ < text_.size() && (!is_break(text_[at_]) || (slash && text_[at_] == '=')); ++at_)
      slash = slash || text_[at_] == '/';
    std::size_t first = begin, last = at_;
    while (first < last && std::string_view("*_:\\").find(text_[first]) != std::string_view::npos) ++first;
    while (last > first && std::string_view(".:*_\\-").find(text_[last - 1]) != std::string_view::npos) --last;
    if (first == last) return;
    const bool ends = text_[at_ - 1] == '.' || text_[at_ - 1] == ':';
    const auto found = text_.substr(first, last - first);
    const Letters in = count(found);
    if (is_number(found, in) && !looks_like_path(found, in) && !looks_like_file(found, in) &&
        !(found.size() >= 7 && is_hex(found) && in.lower > 0)) {
      const auto whole = last == at_ ? with_unit(text_, first, last) : found;
      out_.push_back({whole, FactKind::number, number_worth(found, in, whole.size() > found.size()), opening_});
    } else {
      Token token = word_token(found, opening_);
      // Outside of prose a capital is a type's or a keyword's.
      const bool shouted = token.kind == FactKind::identifier && in.upper == found.size();
      if ((token.kind == FactKind::name || shouted) && sort_ != Sort::sentence) token.kind = FactKind::word;
      if (token.kind == FactKind::name && text_.substr(at_).starts_with("'s ")) token.opening = false;
      out_.push_back(token);
    }
    opening_ = ends;
  }

  /// "Ada Lovelace" is a fact beside "Ada" and "Lovelace".
  void join_names() {
    const std::size_t size = out_.size();
    for (std::size_t i = 0; i + 1 < size; ++i) {
      const Token &one = out_[i], &two = out_[i + 1];
      if (one.kind != FactKind::name || two.kind != FactKind::name || two.opening) continue;
      const char* begin = one.text.data();
      const char* end = two.text.data() + two.text.size();
      if (two.text.data() != begin + one.text.size() + 1) continue;
      const Token joined{
          {begin, static_cast<std::size_t>(end - begin)}, FactKind::name, one.opening ? .5f : .8f, one.opening};
      out_.push_back(joined);
    }
  }

  std::string_view text_;
  Sort sort_;
  std::vector<Token>& out_;
  std::size_t at_ = 0;
  bool opening_ = true;
};

}  // namespace

void tokens_of(std::string_view text, Sort sort, std::vector<Token>& out) { Lexer(text, sort, out).run(); }

}  // namespace belay::extractive
