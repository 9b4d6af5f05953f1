// Maps an image. Boost.DLL is used in library.cpp and nowhere else.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "belay/entry.h"
#include "image.hpp"

namespace belay::plugins {

/// Maps the image for good (P16: nothing is ever unmapped) with all symbols bound and none shared, and makes sure that
/// what was mapped is this image. `path`: the file it is a copy of. `beside`: libraries that it needs and that the loader
/// would not find, mapped first by their own paths. The error is the rest of a sentence about the file. One caller at a
/// time.
Result<belay_plugin_entry_fn> map_library(Image& image, const std::string& path,
                                          const std::vector<std::string>& beside);

}  // namespace belay::plugins
