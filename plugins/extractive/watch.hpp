// Leaves the work as soon as the host asks, wherever it stands: look() is called every few hundred steps of every loop
// over the input.
#pragma once

#include <cstdint>

#include "belay/plugin.hpp"

namespace belay::extractive {

class Watch {
 public:
  Watch(const sdk::Cancel& cancel, std::int64_t deadline_ns) noexcept : cancel_(cancel), deadline_ns_(deadline_ns) {}

  /// Throws sdk::Error(CANCELLED | DEADLINE), which crosses into the ABI as that status.
  void look() const {
    if (cancel_.asked()) throw sdk::Error(BELAY_ERR_CANCELLED, "the call was cancelled");
    if (deadline_ns_ > 0 && sdk::host()->mono_ns() >= deadline_ns_)
      throw sdk::Error(BELAY_ERR_DEADLINE, "the deadline came before the extract was made");
  }
  /// Looks once in 256 calls.
  void step() {
    if ((++steps_ & 0xFF) == 0) look();
  }

 private:
  const sdk::Cancel& cancel_;
  std::int64_t deadline_ns_;
  std::uint32_t steps_ = 0;
};

}  // namespace belay::extractive
