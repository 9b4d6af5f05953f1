// Replies of any length for a plugin, made from what was recorded.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "drive/material.hpp"

namespace belay::conform {

/// A streamed and an unstreamed reply of about `size` bytes, where they can be made. Ends the check as not applicable when there is neither.
Materials large_replies(const Case&, const Subject&, std::size_t size);

struct GrowingBody {
  std::string words;                                  ///< "many events of ok-stream"
  std::function<Cassette(std::size_t)> make;          ///< at least so many bytes
};
/// Many events, one long event (a comment, which every stream may have), a long body.
std::vector<GrowingBody> growing_bodies(const Case&, const Subject&);

}  // namespace belay::conform
