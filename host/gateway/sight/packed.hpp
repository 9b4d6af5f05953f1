// Packed: what is remembered of a call for the pages, as one run of bytes. A thousand traces as objects are two megabytes in
// ten thousand small pieces, and every request would wash them through the processor's cache; packed they are a tenth of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kept.hpp"

namespace belay::gateway::sight {

/// Room in which calls are packed, one after the other.
struct Packing {
  std::vector<char> bytes = std::vector<char>(512);
  std::size_t size = 0;
  [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }
};

/// Replaces what `to` held. `record.call` is not null.
void pack(Packing& to, const RequestRecord& record);

/// What a filter asks for, read without the rest. Views into the packed bytes.
struct PackedHead {
  std::string_view id, route, key;
  fallback::Outcome outcome = fallback::Outcome::failed;
};
PackedHead head_of(std::string_view packed);

/// Everything that the pages tell: the trace, and all of Kept but method, path, peer, user agent, operation and context.
Kept unpack(std::string_view packed);

}  // namespace belay::gateway::sight
