#include <memory>

#include "base/json.hpp"
#include "json_checked.hpp"
#include "json_text.hpp"

namespace belay::json {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// The member whose raw name begins at `name` and whose value is the last thing before `end`, white space aside.
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

/// Where `separator` stands before `from`; only white space is between them.
std::size_t before_separator(std::string_view text, std::size_t from, char separator) {
  while (text[from - 1] != separator) --from;
  return from - 1;
}

}  // namespace

Result<std::vector<Member>> index_object(std::string_view whole, const Limits& limits) {
  const auto admitted = admit(whole, limits);
  if (!admitted) return admitted.error();
  const std::string_view text = *admitted;
  const std::unique_ptr<char[]> copy(new char[text.size() + scan::padding]);
  CheckedPass pass(text, copy.get(), limits.depth);
  if (auto checked = pass.index(); !checked) return checked.error();

  std::vector<Member> members;
  members.reserve(pass.members());
  for (std::size_t i = 0; i < pass.members(); ++i) {
    const bool last = i + 1 == pass.members();
    const std::size_t end =
        last ? before_separator(text, text.size(), '}') : before_separator(text, pass.name_at(i + 1) - 1, ',');
    members.push_back(member_of(text, pass.name_at(i), end));
  }
  return members;
}

}  // namespace belay::json
