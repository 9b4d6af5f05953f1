#include "fingerprint.hpp"

#include "base/hash.hpp"
#include "base/secret.hpp"

namespace belay::credentials {

std::string Fingerprints::of(std::string_view what, std::initializer_list<std::string_view> parts) const {
  // Lengths in front, so that no two lists of parts make the same text.
  std::string text(what);
  for (const std::string_view part : parts) {
    text += '\0';
    text += std::to_string(part.size());
    text += ':';
    text += part;
  }
  std::string print = to_hex(hmac_sha256(key_, text)).substr(0, 32);
  wipe(text.data(), text.size());
  return print;
}

}  // namespace belay::credentials
