#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/json.hpp"
#include "base/utf8.hpp"
#define BELAY_JSON_SCAN_BODY
#include "json_scan.hpp"

namespace belay::json {
namespace scan {

bool index_plain(char* copy, std::size_t, std::size_t depth, Spans& out) { return index_here(copy, depth, out); }

}  // namespace scan

namespace {

constexpr std::size_t simd_padding = 16;

bool grow(scan::Spans& spans) {
  const std::size_t room = spans.room * 2;
  auto* more = static_cast<std::size_t*>(std::realloc(spans.at, room * sizeof(std::size_t)));
  if (more == nullptr) return false;
  spans.at = more;
  spans.room = room;
  return true;
}

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string place(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto before = text.substr(0, offset);
  const auto newline = before.rfind('\n');
  return "line " + std::to_string(std::count(before.begin(), before.end(), '\n') + 1) + ", column " +
         std::to_string(newline == std::string_view::npos ? offset + 1 : offset - newline) + ": ";
}

/// The member whose raw name begins at `name` and whose value is the last thing before `end`, separators aside.
Member member_of(std::string_view text, std::size_t name, std::size_t end) {
  std::size_t quote = name;
  while (text[quote] != '"') quote += text[quote] == '\\' ? 2 : 1;
  std::size_t value = quote + 1;
  while (text[value] != ':') ++value;  // only white space stands before it
  ++value;
  while (blank(text[value])) ++value;
  while (blank(text[end - 1])) --end;
  return {text.substr(name, quote - name), text.substr(value, end - value)};
}

/// Where the value before `from` ends: behind it only white space and one separator (',' or '}') stand.
std::size_t before_separator(std::string_view text, std::size_t from, char separator) {
  while (text[from - 1] != separator) --from;
  return from - 1;
}

std::string decoded(std::string_view raw) {
  if (raw.find('\\') == std::string_view::npos) return std::string(raw);
  Document document;
  const std::string literal = "\"" + std::string(raw) + "\"";
  document.Parse(literal.data(), literal.size());
  return document.IsString() ? std::string(view(document)) : std::string(raw);
}

/// Few members are compared as they are; many are sorted. Escaped names are decoded first: "a" and "\u0061" are one name.
std::optional<std::string> duplicate(const std::vector<Member>& members) {
  const bool escaped = std::any_of(members.begin(), members.end(), [](const auto& m) { return m.name.find('\\') != std::string_view::npos; });
  if (!escaped && members.size() <= 32) {
    for (std::size_t i = 1; i < members.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (members[i].name == members[j].name) return std::string(members[i].name);
      }
    }
    return std::nullopt;
  }
  std::vector<std::string> names;
  names.reserve(members.size());
  for (const auto& member : members) names.push_back(decoded(member.name));
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  return twice == names.end() ? std::nullopt : std::optional(*twice);
}

}  // namespace

Result<std::vector<Member>> index_object(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) return fail("the text has more than the " + std::to_string(limits.bytes) + " bytes that are read here");
  if (!valid_utf8(text)) return fail("the text is not valid UTF-8");
  if (text.find('\0') != std::string_view::npos) return fail(place(text, text.find('\0')) + "a NUL byte");  // would end the copy early

  const std::unique_ptr<char[]> copy(new char[text.size() + simd_padding]);
  std::memcpy(copy.get(), text.data(), text.size());
  std::memset(copy.get() + text.size(), 0, simd_padding);

  scan::Spans spans{static_cast<std::size_t*>(std::malloc(16 * sizeof(std::size_t))), 0, 16, 0, nullptr, grow};
  static const bool simd = scan::has_sse42();
  const bool good = simd ? scan::index_sse42(copy.get(), text.size(), limits.depth, spans) : scan::index_plain(copy.get(), text.size(), limits.depth, spans);
  const std::unique_ptr<std::size_t, decltype(&std::free)> owned(spans.at, std::free);
  if (!good) {
    std::string why = spans.error;
    if (why.ends_with('.')) why.pop_back();
    return fail(place(text, spans.error_offset) + why);
  }

  std::vector<Member> members;
  members.reserve(spans.count);
  for (std::size_t i = 0; i < spans.count; ++i) {
    const bool last = i + 1 == spans.count;
    const std::size_t end = last ? before_separator(text, text.size(), '}') : before_separator(text, spans.at[i + 1] - 1, ',');
    members.push_back(member_of(text, spans.at[i], end));
  }
  if (const auto name = duplicate(members)) return fail("the name " + quoted(*name) + " stands twice in one object");
  return members;
}

}  // namespace belay::json
