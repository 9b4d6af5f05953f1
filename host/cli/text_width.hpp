// How many columns text takes on a terminal, and text cut or wrapped by columns. Text is UTF-8 without control
// characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace belay::cli {

/// Columns: wide characters count two, combining ones none. Invalid bytes count one each.
std::size_t columns(std::string_view text);

/// The longest prefix that fits, marked with "…" (or "..." when not `unicode`) where something was left out.
std::string shortened(std::string_view text, std::size_t width, bool unicode);

/// Lines of at most `width` columns, broken at spaces where there are some, else behind / and #. Never empty; "" gives
/// one empty line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// `text` with spaces after (or before) it up to `width` columns.
enum class Side { left, right };
std::string padded(std::string_view text, std::size_t width, Side side);

}  // namespace belay::cli
