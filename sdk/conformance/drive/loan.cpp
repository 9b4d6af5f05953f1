#include "drive/loan.hpp"

#include <array>

namespace belay::conform {

#if defined(__SANITIZE_ADDRESS__)
// AddressSanitizer has a quarantine of its own, and says who looked.
void Loan::hold_back(void* at, std::size_t) { std::free(at); }
#else
namespace {

/// The last pieces that were taken back, per thread; small ones only, so that a plugin's memory can still be measured.
struct HeldBack {
  static constexpr std::size_t most_bytes = 32u << 10;
  std::array<void*, 64> pieces{};
  std::size_t next = 0;
  ~HeldBack() {
    for (void* piece : pieces) std::free(piece);
  }
};
thread_local HeldBack held_back;

}  // namespace

void Loan::hold_back(void* at, std::size_t size) {
  if (size > HeldBack::most_bytes) return std::free(at);
  std::free(held_back.pieces[held_back.next]);
  held_back.pieces[held_back.next] = at;
  held_back.next = (held_back.next + 1) % held_back.pieces.size();
}
#endif

}  // namespace belay::conform
