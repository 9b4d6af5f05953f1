// Screen: what one output stream can show, and text painted for it. Decided once, so that what is printed depends on
// nothing else.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace belay::cli {

using Variable = std::function<std::optional<std::string>(const char* name)>;

struct Screen {
  int fd = 1;
  bool terminal = false;  ///< a person reads it, now
  bool colour = false;
  bool unicode = false;    ///< may show more than ASCII signs of our own
  bool moves = false;      ///< the cursor can be moved: lines can be drawn again
  std::size_t width = 0;   ///< columns; 0: no limit (a file, a pipe)
  std::size_t height = 0;  ///< rows; 0: no limit
};

/// Looks at a descriptor and the environment: NO_COLOR (no-color.org), TERM=dumb, the locale's character set.
Screen look_at(int fd, const Variable& variable);
/// The same with the terminal's answers given, for tests and for look_at().
Screen screen_of(int fd, bool terminal, std::size_t width, std::size_t height, const Variable& variable);

/// The environment of this process.
std::optional<std::string> process_variable(const char* name);

enum class Ink { plain, bold, dim, good, warning, bad };

/// `text` in colour where the screen has colour. `text` is ours or has been through printable().
std::string paint(const Screen& screen, Ink ink, std::string_view text);

/// Foreign text (an answer) made harmless for a terminal: control characters other than newline and tab, which could
/// move the cursor, change the title or fill the clipboard, become U+FFFD. Takes whole characters.
std::string disarmed(std::string_view text);

}  // namespace belay::cli
