// Report: where every reader puts what it finds, so that a person sees all of it at once and in the order of the files.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "node.hpp"

namespace belay::config {

class Report {
 public:
  /// Remembers a file's name as a person knows it; its index is what Place::file holds.
  std::uint32_t name(std::string file);

  void error(Place place, std::string key, std::string problem, std::string remedy = {});
  void warning(Place place, std::string key, std::string problem, std::string remedy = {});

  /// "belay.toml:12"
  [[nodiscard]] std::string shown(Place place) const;
  [[nodiscard]] const std::string& file(Place place) const { return names_[place.file]; }
  [[nodiscard]] bool failed() const { return !errors_.empty(); }

  /// Sorted by file in the order of reading, line and column.
  [[nodiscard]] Diagnostics errors() const { return sorted(errors_); }
  [[nodiscard]] Diagnostics warnings() const { return sorted(warnings_); }

 private:
  struct Entry {
    Place place;
    Diagnostic diagnostic;
  };
  void add(std::vector<Entry>& to, Place place, std::string key, std::string problem, std::string remedy);
  static Diagnostics sorted(std::vector<Entry> entries);

  std::vector<std::string> names_{""};  // the first is "no file"
  std::vector<Entry> errors_;
  std::vector<Entry> warnings_;
};

/// `(did you mean "x"?)` when a known word is near, else what is known.
std::string remedy_for_word(std::string_view word, const std::vector<std::string>& known, std::string_view known_are);

/// "a, b or c"
std::string listed(const std::vector<std::string>& words);

/// `word` between double quotes, cut and printable: for words a person wrote, never for secrets.
std::string in_quotes(std::string_view word);

}  // namespace belay::config
