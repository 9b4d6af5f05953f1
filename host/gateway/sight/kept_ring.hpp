// The last traces of one worker. [its loop thread]
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "packed.hpp"

namespace belay::gateway::sight {

/// What the reader of /belay/traces wants. Empty members: any.
struct TraceFilter {
  std::string id, outcome, route;
  std::optional<std::string> key;
  std::size_t limit = 50;

  [[nodiscard]] bool lets_in(const PackedHead& head) const;
};

class KeptRing {
 public:
  /// 0: keeps nothing.
  explicit KeptRing(std::size_t capacity) : capacity_(capacity) {}

  /// A request that became a call.
  void put(const RequestRecord& record);
  /// Newest first.
  [[nodiscard]] std::vector<KeptPtr> find(const TraceFilter& filter) const;
  /// Forgets the oldest ones that have no room any more.
  void resize(std::size_t capacity);

 private:
  [[nodiscard]] std::size_t newest(std::size_t i) const;  // the slot of it; 0: the newest

  std::size_t capacity_;
  std::vector<std::string> slots_;  // packed
  Packing packing_;
  std::size_t next_ = 0;  // where the next one goes, once all slots are taken
};

}  // namespace belay::gateway::sight
