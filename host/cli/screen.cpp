#include "screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace belay::cli {
namespace {

bool speaks_utf8(const Variable& variable) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = variable(name);
    if (!value || value->empty()) continue;
    return value->find("UTF-8") != std::string::npos || value->find("utf8") != std::string::npos ||
           value->find("utf-8") != std::string::npos;
  }
  return false;
}

const char* code_of(Ink ink) {
  switch (ink) {
    case Ink::plain:
      return "";
    case Ink::bold:
      return "\x1b[1m";
    case Ink::dim:
      return "\x1b[2m";
    case Ink::good:
      return "\x1b[32m";
    case Ink::warning:
      return "\x1b[33m";
    case Ink::bad:
      return "\x1b[31m";
  }
  return "";
}

}  // namespace

std::optional<std::string> process_variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  return value;
}

Screen screen_of(int fd, bool terminal, std::size_t width, std::size_t height, const Variable& variable) {
  Screen screen;
  screen.fd = fd;
  screen.terminal = terminal;
  if (!terminal) return screen;
  const std::string kind = variable("TERM").value_or("");
  const bool dumb = kind.empty() || kind == "dumb";
  screen.moves = !dumb;
  screen.colour = !dumb && variable("NO_COLOR").value_or("").empty();
  screen.unicode = speaks_utf8(variable);
  screen.width = width;
  screen.height = height;
  return screen;
}

Screen look_at(int fd, const Variable& variable) {
  if (isatty(fd) == 0) return screen_of(fd, false, 0, 0, variable);
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) size = {};
  return screen_of(fd, true, size.ws_col != 0 ? size.ws_col : 80, size.ws_row != 0 ? size.ws_row : 24, variable);
}

std::string paint(const Screen& screen, Ink ink, std::string_view text) {
  if (!screen.colour || ink == Ink::plain || text.empty()) return std::string(text);
  std::string painted = code_of(ink);
  painted += text;
  painted += "\x1b[0m";
  return painted;
}

std::string disarmed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool c0 = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f;
    const bool c1 = byte == 0xc2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;
    if (c0 || c1) {
      out += "\xef\xbf\xbd";
      if (c1) ++at;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace belay::cli
