#include "lines.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "text.hpp"

namespace belay::extractive {

namespace {

/// More of one line of output than this says nothing new.
constexpr std::size_t longest_line = 1200;
/// A sentence up to this is kept or left whole.
constexpr std::size_t whole = 110;
constexpr std::size_t shortest_clause = 30;
constexpr std::size_t longest_clause = 160;

/// "- ", "* ", "3. ", "12) ", "> ", "[ ] ", "#### ": what a line begins with beside its text.
std::string_view without_mark(std::string_view line) {
  line = trimmed(line);
  for (bool again = true; again;) {
    again = false;
    std::size_t mark = line.find_first_not_of("#>");
    if (mark == 0 && line.size() > 1 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ')
      mark = 1;
    if (mark == 0 && line.starts_with("\xE2\x80\xA2")) mark = 3;  // a bullet
    if (mark == 0 && line.size() > 3 && line[0] == '[' && line[2] == ']' && line[3] == ' ') mark = 3;
    std::size_t digits = 0;
    while (digits < line.size() && digits < 3 && is_digit(line[digits])) ++digits;
    if (mark == 0 && digits > 0 && digits + 1 < line.size() && (line[digits] == '.' || line[digits] == ')') &&
        line[digits + 1] == ' ')
      mark = digits + 1;
    if (mark != 0 && mark != std::string_view::npos) {
      line = trimmed(line.substr(mark));
      again = true;
    }
  }
  return line;
}

bool is_abbreviation(std::string_view before) {
  const std::size_t begin =
      before.find_last_of(" (\"'") == std::string_view::npos ? 0 : before.find_last_of(" (\"'") + 1;
  const std::string_view word = before.substr(begin);
  if (word.size() <= 1) return !word.empty() && is_alpha(word[0]);
  static constexpr std::string_view list[] = {"e.g",  "i.e", "vs",  "cf",   "approx", "no",  "mr",  "mrs", "ms", "dr",
                                              "prof", "st",  "fig", "incl", "resp",   "bzw", "z.b", "d.h", "ca", "nr"};
  return is_one_of_lower(word, list);
}

/// Whether the sentence of `text` ends with the mark at `at`; `next` is then where the following one begins.
bool ends_at(std::string_view text, std::size_t at, std::size_t& next) {
  next = at + 1;
  while (next < text.size() && std::string_view(")\"'`*]").find(text[next]) != std::string_view::npos) ++next;
  if (next >= text.size()) return true;
  if (!is_space(text[next])) return false;
  std::size_t first = next;
  while (first < text.size() && is_space(text[first])) ++first;
  if (text[at] != '.') return true;
  if (is_abbreviation(text.substr(0, at))) return false;
  return first >= text.size() || !is_lower(text[first]);
}

/// A full stop, question or exclamation mark of Chinese and Japanese.
std::size_t wide_end(std::string_view text, std::size_t at) {
  const auto mark = text.substr(at, 3);
  return mark == "\xE3\x80\x82" || mark == "\xEF\xBC\x9F" || mark == "\xEF\xBC\x81" ? at + 3 : 0;
}

/// A line of source code that a tool has shown.
bool looks_like_code(std::string_view line) {
  if (line.empty()) return false;
  for (const std::string_view begin : {"//", "/*", "#include", "import ", "return ", "from ", "}"}) {
    if (line.starts_with(begin)) return true;
  }
  if (std::string_view("{};,(").find(line.back()) != std::string_view::npos) return true;
  if (line.front() == '"' && line.back() == '"') return true;
  return line.back() == ')' && line.find('(') != std::string_view::npos && line.find(": ") == std::string_view::npos &&
         line.find("rows") == std::string_view::npos;
}

class Splitter {
 public:
  Splitter(const Conversation& conversation, Watch& watch) : conversation_(conversation), watch_(watch) {}

  std::vector<Line> split() {
    for (turn_ = 0; turn_ < conversation_.turns.size(); ++turn_) {
      const Turn& turn = conversation_.turns[turn_];
      turn.kind == Kind::prose ? prose(turn.text)
                               : plain(turn.text, turn.kind == Kind::call ? Sort::code : Sort::output);
    }
    return std::move(out_);
  }

 private:
  void add(std::string_view text, Sort sort) {
    text = trimmed(text);
    const auto letters = std::count_if(text.begin(), text.end(), [](char c) { return is_alpha(c) || is_wide(c); });
    if (letters >= 3) out_.push_back({text, turn_, sort});
  }

  void once(std::string_view line, Sort sort) {
    watch_.step();
    if (!seen_.insert(hash(line)).second) return;
    add(sdk::cut(line, longest_line), sort);
  }

  void plain(std::string_view rest, Sort sort) {
    while (!rest.empty()) {
      const std::string_view line = trimmed(take_line(rest));
      once(line, looks_like_code(line) ? Sort::code : sort);
    }
  }

  void prose(std::string_view rest) {
    bool fenced = false;
    while (!rest.empty()) {
      const std::string_view line = trimmed(take_line(rest));
      if (line.starts_with("```")) {
        fenced = !fenced;
      } else if (fenced) {
        once(line, Sort::code);
      } else if (line.starts_with('#')) {
        add(without_mark(line), Sort::heading);
      } else if (line.starts_with('|')) {
        once(line, Sort::output);  // a row of a table
      } else {
        sentences(without_mark(line));
      }
    }
  }

  void sentences(std::string_view text) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::size_t next = wide_end(text, i);
      if (next == 0 && (text[i] == '.' || text[i] == '!' || text[i] == '?') && !ends_at(text, i, next)) continue;
      if (next == 0) continue;
      watch_.step();
      add(text.substr(begin, next - begin), Sort::sentence);
      begin = next;
      i = next - 1;
    }
    add(text.substr(begin), Sort::sentence);
  }

  const Conversation& conversation_;
  Watch& watch_;
  std::vector<Line> out_;
  std::unordered_set<std::uint64_t> seen_;
  std::uint32_t turn_ = 0;
};

/// Where a clause may end: behind these when `at` is at their beginning; 0: not here.
std::size_t joint(std::string_view text, std::size_t at, Sort sort) {
  const auto rest = text.substr(at);
  if (rest.starts_with("; ") || rest.starts_with(": ") || rest.starts_with(", ") || rest.starts_with(") ")) return 1;
  if (rest.starts_with(" \xE2\x80\x94 ") || rest.starts_with(" \xE2\x80\x93 ")) return 1;
  if (rest.starts_with(" - ") || rest.starts_with(" (") || rest.starts_with(" && ") || rest.starts_with(" | "))
    return 1;
  for (const std::string_view word : {" because ", " which ", " while ", " so that ", " and ", " but ", " so "}) {
    if (rest.starts_with(word)) return 1;
  }
  if (sort != Sort::sentence && (rest.starts_with("  ") || rest.starts_with(",\"") || rest.starts_with("\t"))) return 1;
  return 0;
}

}  // namespace

std::vector<Line> lines_of(const Conversation& conversation, Watch& watch) {
  return Splitter(conversation, watch).split();
}

std::vector<std::string_view> clauses_of(const Line& line) {
  const std::string_view text = line.text;
  if (text.size() <= whole) return {text};
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t i = shortest_clause; i + shortest_clause < text.size(); ++i) {
    const std::size_t size = i - begin;
    std::size_t behind = size >= shortest_clause ? joint(text, i, line.sort) : 0;
    if (behind == 0 && size >= longest_clause && is_space(text[i])) behind = 1;
    if (behind == 0) continue;
    out.push_back(trimmed(text.substr(begin, i + behind - begin)));
    begin = i + behind;
  }
  out.push_back(trimmed(text.substr(begin)));
  return out;
}

}  // namespace belay::extractive
