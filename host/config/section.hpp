// Section: one table while it is read. Every key is asked for by name; what nobody asked for is unknown and reported by
// finish(). So the code that reads a setting is also the only list of settings.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "node.hpp"
#include "report.hpp"

namespace belay::config {

/// The patterns ("route.*.deadline") of all keys that readers asked for; kept for the test that compares them with
/// config/belay.toml.
using AskedKeys = std::set<std::string>;

/// What all sections of one loading share.
struct Reading {
  Report& report;
  AskedKeys* asked = nullptr;  ///< nullptr: nobody wants to know
};

enum class Zero { refused, allowed };

class Section {
 public:
  /// `key` is the table's full name for people, `pattern` the same with '*' for chosen names; both empty for the root.
  Section(Reading& reading, const Node& table, std::string key, std::string pattern);

  /// The member, or nullptr.
  const Node* find(std::string_view key);
  [[nodiscard]] const Node& node() const { return table_; }
  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] Report& report() const { return reading_.report; }

  /// A member that is a table with fixed keys; nullopt when it is absent or (reported) something else.
  std::optional<Section> table(std::string_view key);
  /// The tables in a table whose members have chosen names: [provider.NAME]. `shape` says how one is written.
  std::vector<Section> named(std::string_view key, std::string_view shape);
  /// The tables of an array of tables; `shape` says how one is written.
  std::vector<Section> tables(std::string_view key, std::string_view shape);

  // Each reads one key into `to` and leaves it alone when the key is absent or (reported) wrong; false then.
  bool text(std::string_view key, std::string& to, std::string_view example);
  bool flag(std::string_view key, bool& to);
  bool duration(std::string_view key, Millis& to, Zero zero);
  bool integer(std::string_view key, std::int64_t& to, std::int64_t least, std::int64_t most);
  bool integer(std::string_view key, int& to, std::int64_t least, std::int64_t most);

  /// One of a closed list of words.
  template <typename Value>
  bool choice(std::string_view key, std::span<const std::pair<std::string_view, Value>> choices, Value& to) {
    std::vector<std::string> words;
    for (const auto& [word, value] : choices) words.emplace_back(word);
    const auto index = word(key, words);
    if (index) to = choices[*index].second;
    return index.has_value();
  }
  std::optional<std::size_t> word(std::string_view key, const std::vector<std::string>& words);
  std::optional<std::size_t> word(const Node& value, const std::vector<std::string>& words) const;

  /// The strings of an array; those that are none are reported and left out. nullopt when the key is absent or no
  /// array.
  std::optional<std::vector<const Node*>> strings(std::string_view key, std::string_view example);
  /// The same; a single string counts as an array of one.
  std::optional<std::vector<const Node*>> string_or_strings(std::string_view key, std::string_view example);

  // Problems: of the table itself, of a key that is missing, and of a value.
  void error(std::string problem, std::string remedy) const;
  void missing(std::string_view key, std::string remedy);
  void error(const Node& value, std::string problem, std::string remedy) const;
  void warning(const Node& value, std::string problem, std::string remedy) const;
  void wrong_kind(const Node& value, std::string_view wanted, std::string_view example) const;

  /// "route.r.deadline"
  [[nodiscard]] std::string name_of(const Node& value) const;

  /// Reports every key that nobody asked for.
  void finish() const;
  /// The members nobody asked for yet, which are then taken as known: for tables that plugins may extend.
  std::vector<const Node*> rest();

 private:
  std::optional<std::vector<const Node*>> strings_of(const Node& array, std::string_view example) const;
  [[nodiscard]] bool known(const Node& member) const;
  [[nodiscard]] std::string path(std::string_view key) const;

  Reading& reading_;
  const Node& table_;
  std::string key_, pattern_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace belay::config
