// Screens that tests print to.
#pragma once

#include "screen.hpp"

namespace belay::cli {

inline Screen pipe_screen() { return {}; }

inline Screen terminal(std::size_t width, std::size_t height = 24) {
  Screen screen;
  screen.terminal = screen.moves = screen.unicode = true;
  screen.width = width;
  screen.height = height;
  return screen;
}

inline Screen coloured(std::size_t width) {
  Screen screen = terminal(width);
  screen.colour = true;
  return screen;
}

}  // namespace belay::cli
