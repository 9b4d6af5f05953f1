// Maps a checked file. Boost.DLL is used in library.cpp and nowhere else.
#pragma once

#include "base/result.hpp"
#include "belay/entry.h"
#include "image_file.hpp"

namespace belay::plugins {

/// Maps the file for good (P16: nothing is ever unmapped) with all symbols bound and none shared, and makes sure that
/// what was mapped is what was checked. The error is the rest of a sentence about the file. One caller at a time.
Result<belay_plugin_entry_fn> map_library(const ImageFile& file);

}  // namespace belay::plugins
