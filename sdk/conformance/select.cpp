#include "select.hpp"

#include <algorithm>
#include <cctype>

#include "base/diagnostic.hpp"
#include "base/utf8.hpp"

namespace belay::conform {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

bool names(const std::string& glob, const Check& check) { return glob_matches(glob, check.id) || glob_matches(glob, to_string(check.group)); }

Error no_such(std::span<const Check* const> all, std::string_view word) {
  std::vector<std::string> known;
  for (const Check* check : all) {
    known.emplace_back(check->id);
    const std::string group(to_string(check->group));
    if (std::find(known.begin(), known.end(), group) == known.end()) known.push_back(group);
  }
  std::string meant = suggest(word, known);
  if (meant.empty()) meant = suggest(upper(word), known);
  return fail("no check is called \"" + printable(word) + "\" (" + (meant.empty() ? "belay-conform --list shows them all" : "did you mean " + meant + "?") + ")");
}

Result<void> all_mean_something(std::span<const Check* const> all, const std::vector<std::string>& globs) {
  for (const auto& glob : globs) {
    if (std::none_of(all.begin(), all.end(), [&](const Check* check) { return names(glob, *check); })) return no_such(all, glob);
  }
  return {};
}

}  // namespace

bool glob_matches(std::string_view glob, std::string_view text) {
  // Greedy with one place to come back to: linear in practice, and no recursion.
  std::size_t g = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      mark = t;
    } else if (g < glob.size() && (glob[g] == '?' || lower(glob[g]) == lower(text[t]))) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

Result<std::vector<const Check*>> select_checks(std::span<const Check* const> all, const std::vector<std::string>& only, const std::vector<std::string>& skip) {
  for (const auto* globs : {&only, &skip}) {
    if (auto good = all_mean_something(all, *globs); !good) return good.error();
  }
  std::vector<const Check*> out;
  for (const Check* check : all) {
    const auto named = [check](const std::string& glob) { return names(glob, *check); };
    const bool wanted = only.empty() || std::any_of(only.begin(), only.end(), named);
    if (wanted && std::none_of(skip.begin(), skip.end(), named)) out.push_back(check);
  }
  if (out.empty()) return fail("--only and --skip together leave no check");
  return out;
}

Result<const Check*> find_check(std::span<const Check* const> all, std::string_view id) {
  for (const Check* check : all) {
    if (check->id == upper(id)) return check;
  }
  return no_such(all, id);
}

}  // namespace belay::conform
