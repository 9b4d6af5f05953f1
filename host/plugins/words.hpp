// The forms of words that cross the ABI.
#pragma once

#include <string_view>

#include "belay/types.h"

namespace belay::plugins {

inline std::string_view view(belay_str text) {
  return text.len == 0 ? std::string_view() : std::string_view(text.ptr, text.len);
}
inline std::string_view view(belay_bytes bytes) {
  return bytes.len == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
}
inline belay_str str(std::string_view text) { return {text.data(), text.size()}; }
inline belay_bytes bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// False for a length without memory, and for more than the plugin can have meant.
template <class Text>
bool readable(Text text, std::uint64_t most = std::uint64_t{64} << 20) {
  return text.len <= most && (text.len == 0 || text.ptr != nullptr);
}

bool provider_type(std::string_view word);               ///< [a-z][a-z0-9-]*, at most 64
bool word(std::string_view text);                        ///< [a-z][a-z0-9_-]*, at most 64: operations, credential types
bool field_name(std::string_view text);                  ///< [a-z][a-z0-9_]*, at most 64
bool wire_name(std::string_view text);                   ///< "openai.chat/1"
bool reverse_dns(std::string_view text);                 ///< "org.example.acme"
bool semantic_version(std::string_view text);            ///< "1.2.0", "1.2.0-rc.1+x"
bool origin_pattern(std::string_view text);              ///< "https://api.example.org", "https://*.example.org"
bool header_name(std::string_view text);                 ///< RFC 9110 token, at most 256
bool header_value(std::string_view text);                ///< no control characters but tab
bool one_line(std::string_view text, std::size_t most);  ///< UTF-8, at most `most` bytes, no control characters

}  // namespace belay::plugins
