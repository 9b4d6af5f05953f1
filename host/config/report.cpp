#include "report.hpp"

#include <algorithm>
#include <tuple>

#include "base/utf8.hpp"

namespace belay::config {

std::uint32_t Report::name(std::string file) {
  names_.push_back(std::move(file));
  return static_cast<std::uint32_t>(names_.size() - 1);
}

void Report::error(Place place, std::string key, std::string problem, std::string remedy) {
  add(errors_, place, std::move(key), std::move(problem), std::move(remedy));
}

void Report::warning(Place place, std::string key, std::string problem, std::string remedy) {
  add(warnings_, place, std::move(key), std::move(problem), std::move(remedy));
}

void Report::add(std::vector<Entry>& to, Place place, std::string key, std::string problem, std::string remedy) {
  to.push_back(
      {place, {names_[place.file], place.line, place.column, std::move(key), std::move(problem), std::move(remedy)}});
}

std::string Report::shown(Place place) const {
  return place.line == 0 ? names_[place.file] : names_[place.file] + ":" + std::to_string(place.line);
}

Diagnostics Report::sorted(std::vector<Entry> entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.place.file, a.place.line, a.place.column) < std::tie(b.place.file, b.place.line, b.place.column);
  });
  Diagnostics out;
  for (Entry& entry : entries) out.push_back(std::move(entry.diagnostic));
  return out;
}

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

std::string in_quotes(std::string_view word) {
  const std::string_view cut = cut_utf8(word, 80);
  return "\"" + printable(cut) + (cut.size() < word.size() ? "..." : "") + "\"";
}

std::string remedy_for_word(std::string_view word, const std::vector<std::string>& known, std::string_view known_are) {
  if (const std::string near = suggest(word, known); !near.empty()) return "did you mean " + in_quotes(near) + "?";
  if (known.empty()) return {};
  constexpr std::size_t most = 20;
  if (known.size() <= most) return std::string(known_are) + " " + listed(known);
  return std::string(known_are) + " " + listed({known.begin(), known.begin() + most}) + ", ...";
}

}  // namespace belay::config
