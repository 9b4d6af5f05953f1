// Table: rows under titles, fitted to a screen. Plain and as wide as it needs to be in a pipe. On a terminal that is
// too narrow, notes go below their rows, then long columns wrap, and where even that does not help each row becomes a
// short list.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "screen.hpp"
#include "text_width.hpp"

namespace belay::cli {

struct Cell {
  Cell(std::string text_, Ink ink_ = Ink::plain) : text(std::move(text_)), ink(ink_) {}  // NOLINT: implicit on purpose
  Cell(const char* text_, Ink ink_ = Ink::plain) : text(text_), ink(ink_) {}             // NOLINT: implicit on purpose
  std::string text;
  Ink ink;
};

/// Where a column's text stands when the table is too wide. `below`: on lines of its own under the row; the last column
/// only.
enum class Place { inside, below };

struct Column {
  std::string title;
  std::size_t least = 0;  ///< may shrink to this many columns by wrapping; 0: never shrinks
  Side side = Side::left;
  Place place = Place::inside;
};

/// The last column of most tables: what there is to say beside the facts.
inline Column note(std::string title) { return {std::move(title), 16, Side::left, Place::below}; }

class Table {
 public:
  explicit Table(std::vector<Column> columns);

  /// One cell per column. Text may be foreign: it is made printable here.
  void add(std::vector<Cell> row);
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// Every line indented by two spaces and ended by a newline. Columns in which no row has text are left out, titles
  /// too where none has one.
  [[nodiscard]] std::string text(const Screen& screen) const;

 private:
  [[nodiscard]] std::vector<std::size_t> used_columns() const;
  /// Natural widths when limit is 0; empty when they can't be made to fit.
  [[nodiscard]] std::vector<std::size_t> widths(const std::vector<std::size_t>& used, std::size_t limit) const;
  struct Grid;
  [[nodiscard]] std::string head(const Screen& screen, const Grid& grid) const;
  [[nodiscard]] std::string as_grid(const Screen& screen, const Grid& grid) const;
  [[nodiscard]] std::string grid_row(const Screen& screen, const Grid& grid, const std::vector<Cell>& row) const;
  [[nodiscard]] std::string as_lists(const Screen& screen, const std::vector<std::size_t>& used) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace belay::cli
