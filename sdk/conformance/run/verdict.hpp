// The verdict of a child: one record, sealed with a key that was drawn for this check alone. The plugin runs in the process that writes it, so the key comes
// through a pipe that is closed before the plugin is mapped (it stands in no argument, environment or file) and lies on a page that nobody may read
// until the plugin has been torn down. What is on the verdict's descriptor must be that one record and not a byte more.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "run/outcome.hpp"

namespace belay::conform {

/// 256 random bits.
using VerdictKey = std::array<char, 32>;
VerdictKey draw_key();

/// The key in the child.
class SealedKey {
 public:
  /// Reads it from a pipe straight onto its page.
  explicit SealedKey(int from);
  ~SealedKey();
  SealedKey(const SealedKey&) = delete;
  SealedKey& operator=(const SealedKey&) = delete;
  /// Makes the page readable: after the plugin is gone.
  std::string_view open();
  [[nodiscard]] const void* address() const { return page_; }

 private:
  void* page_;
};

/// A child says pass, fail, skip or not_applicable; its supervisor, which uses the same form to tell the tool, may say all.
enum class Speaker : std::uint8_t { child, supervisor };

std::string seal(const Outcome& outcome, std::string_view key);

/// The error ends a sentence that begins with "of a verdict": "there is no trace", "113 bytes stand there that are none".
Result<Outcome> unseal(std::string_view bytes, const VerdictKey& key, Speaker speaker);

}  // namespace belay::conform
