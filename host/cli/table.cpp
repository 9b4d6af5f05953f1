#include "table.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <optional>

#include "base/utf8.hpp"

namespace belay::cli {
namespace {

constexpr std::string_view indent = "  ";
constexpr std::size_t gap = 2;

std::size_t total(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), indent.size()) + gap * (widths.empty() ? 0 : widths.size() - 1);
}

std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    longest = std::max(longest, columns(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

/// The widest column that may still shrink gives way, one column at a time, so that none is squeezed while another is
/// roomy.
void shrink(std::vector<std::size_t>& widths, const std::vector<std::size_t>& floor, std::size_t limit) {
  while (total(widths) > limit) {
    std::size_t widest = widths.size();
    for (std::size_t n = 0; n < widths.size(); ++n) {
      if (widths[n] > floor[n] && (widest == widths.size() || widths[n] > widths[widest])) widest = n;
    }
    if (widest == widths.size()) return;
    --widths[widest];
  }
}

void end_line(std::string& out) {
  out.erase(out.find_last_not_of(' ') + 1);
  out += '\n';
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::add(std::vector<Cell> row) {
  assert(row.size() == columns_.size());
  for (Cell& cell : row) cell.text = printable(cell.text);
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::used_columns() const {
  std::vector<std::size_t> used;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (std::any_of(rows_.begin(), rows_.end(), [c](const auto& row) { return !row[c].text.empty(); }))
      used.push_back(c);
  }
  return used;
}

std::vector<std::size_t> Table::widths(const std::vector<std::size_t>& used, std::size_t limit) const {
  std::vector<std::size_t> widths, unbroken, least;
  for (const std::size_t c : used) {
    const std::size_t title = columns(columns_[c].title);
    std::size_t width = title, word = title;
    for (const auto& row : rows_) {
      width = std::max(width, columns(row[c].text));
      word = std::max(word, longest_word(row[c].text));
    }
    const bool fixed = columns_[c].least == 0;
    widths.push_back(width);
    unbroken.push_back(fixed ? width : word);
    least.push_back(fixed ? width : std::max(columns_[c].least, title));
  }
  if (limit == 0) return widths;
  // Between words as long as that helps; names are cut in two only when nothing else is left.
  for (const auto& floor : {unbroken, least}) shrink(widths, floor, limit);
  return total(widths) <= limit ? widths : std::vector<std::size_t>();
}

/// Which columns stand side by side, how wide, and which one stands below each row.
struct Table::Grid {
  std::vector<std::size_t> used, widths;
  std::optional<std::size_t> below;
};

std::string Table::grid_row(const Screen& screen, const Grid& grid, const std::vector<Cell>& row) const {
  std::vector<std::vector<std::string>> cells;
  std::size_t height = 1;
  for (std::size_t n = 0; n < grid.used.size(); ++n) {
    cells.push_back(wrapped(row[grid.used[n]].text, grid.widths[n]));
    height = std::max(height, cells.back().size());
  }
  std::string out;
  for (std::size_t line = 0; line < height; ++line) {
    std::string text(indent);
    for (std::size_t n = 0; n < grid.used.size(); ++n) {
      const std::string piece = line < cells[n].size() ? cells[n][line] : "";
      const std::string space(grid.widths[n] - std::min(grid.widths[n], columns(piece)), ' ');
      const bool right = columns_[grid.used[n]].side == Side::right;
      text += right ? space : "";
      text += paint(screen, row[grid.used[n]].ink, piece);
      text += right ? "" : space;
      if (n + 1 < grid.used.size()) text.append(gap, ' ');
    }
    end_line(text);
    out += text;
  }
  if (!grid.below || row[*grid.below].text.empty()) return out;
  // Under the second column where the first one is only a number.
  const std::size_t left = indent.size() + (grid.widths.front() <= 3 ? grid.widths.front() + gap : 4);
  for (const std::string& line : wrapped(row[*grid.below].text, std::max<std::size_t>(screen.width, left + 8) - left))
    out += std::string(left, ' ') + paint(screen, row[*grid.below].ink, line) + "\n";
  return out;
}

std::string Table::head(const Screen& screen, const Grid& grid) const {
  std::string out(indent);
  for (std::size_t n = 0; n < grid.used.size(); ++n) {
    const Column& column = columns_[grid.used[n]];
    const bool last = n + 1 == grid.used.size();
    out += paint(screen, Ink::dim,
                 last && column.side == Side::left ? column.title : padded(column.title, grid.widths[n], column.side));
    if (!last) out.append(gap, ' ');
  }
  end_line(out);
  return out;
}

std::string Table::as_grid(const Screen& screen, const Grid& grid) const {
  const bool titled =
      std::any_of(grid.used.begin(), grid.used.end(), [&](std::size_t c) { return !columns_[c].title.empty(); });
  std::string out = titled ? head(screen, grid) : "";
  for (const auto& row : rows_) out += grid_row(screen, grid, row);
  return out;
}

std::string Table::as_lists(const Screen& screen, const std::vector<std::size_t>& used) const {
  std::string out;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    if (r != 0) out += '\n';
    for (const std::size_t c : used) {
      const Cell& cell = rows_[r][c];
      if (cell.text.empty()) continue;
      const std::string title = columns_[c].title.empty() ? "" : columns_[c].title + ": ";
      const std::size_t room = screen.width > indent.size() + 4 ? screen.width - indent.size() : 4;
      const auto lines = wrapped(title + cell.text, room);
      for (std::size_t n = 0; n < lines.size(); ++n) {
        out += indent;
        const std::size_t split = n == 0 ? std::min(title.size(), lines[n].size()) : 0;
        out += paint(screen, Ink::dim, lines[n].substr(0, split)) + paint(screen, cell.ink, lines[n].substr(split));
        end_line(out);
      }
    }
  }
  return out;
}

std::string Table::text(const Screen& screen) const {
  if (rows_.empty()) return "";
  Grid grid{used_columns(), {}, std::nullopt};
  if (grid.used.empty()) return "";
  const auto everything = grid.used;
  grid.widths = widths(grid.used, 0);
  const bool fits = screen.width == 0 || total(grid.widths) <= screen.width;
  if (!fits && grid.used.size() > 1 && columns_[grid.used.back()].place == Place::below) {
    grid.below = grid.used.back();
    grid.used.pop_back();
  }
  if (!fits) grid.widths = widths(grid.used, screen.width);
  return grid.widths.empty() ? as_lists(screen, everything) : as_grid(screen, grid);
}

}  // namespace belay::cli
