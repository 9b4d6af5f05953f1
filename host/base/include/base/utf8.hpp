// UTF-8 checks (RFC 3629), fast on ASCII.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace belay {

bool valid_utf8(std::string_view text);

/// `text` with U+FFFD for every byte that belongs to no character.
std::string replace_invalid_utf8(std::string_view text);

/// The longest prefix of at most `limit` bytes that does not cut a character.
std::string_view cut_utf8(std::string_view text, std::size_t limit);

/// Text for one line of a terminal or log: invalid bytes become U+FFFD, control characters \xNN.
std::string printable(std::string_view text);

}  // namespace belay
