// Node: one value of a configuration file with the place it was written at. The only form of TOML that this folder's
// readers see.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace belay::config {

/// Where something was written. `file` indexes Report::names; line and column count from 1, 0 means the whole file.
struct Place {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Node {
  enum class Kind : std::uint8_t { string, integer, number, boolean, date, array, table };

  Kind kind = Kind::table;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;
  std::string text;         ///< of a string
  std::vector<Node> items;  ///< of an array, or the members of a table in the order they were written

  std::string key;  ///< name of a table's member; an array's elements have the array's, the root has none
  Place key_place;  ///< of the name; array elements and the root have that of their value
  Place place;      ///< of the value

  /// The member of a table, or nullptr.
  [[nodiscard]] const Node* find(std::string_view name) const;
  [[nodiscard]] Node* find(std::string_view name);
  /// Takes the member out of a table, if it is there.
  void erase(std::string_view name);

  /// "a string", "an integer", ... for messages.
  [[nodiscard]] std::string_view kind_name() const;
};

/// Lays `over` upon `base`: tables member by member, to any depth; every other value, arrays included, replaces the one
/// below it as a whole. New members go to the end, so `base` keeps its order.
void merge(Node& base, Node over);

/// A table's key as TOML writes it: bare where that is legal, else quoted; control characters are made visible.
std::string shown_key(std::string_view key);

}  // namespace belay::config
