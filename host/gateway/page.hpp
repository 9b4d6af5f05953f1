// The status page: a few files in the program itself, so that it works without internet and without anything installed beside it.
#pragma once

#include <string_view>

namespace belay::gateway {

struct PageFile {
  std::string_view name;      ///< "" is the page itself; the others are below /belay/page/
  std::string_view type;
  std::string_view content;
};

/// nullptr: there is no such file.
const PageFile* page_file(std::string_view name);

/// Nothing from elsewhere, and nothing inline.
inline constexpr std::string_view page_policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace belay::gateway
