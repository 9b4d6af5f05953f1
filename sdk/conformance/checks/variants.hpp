// Other spellings of a recorded reply: what a server may as well have sent.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace belay::conform::variants {

std::string with_line_ends(std::string_view stream, std::string_view end);
/// Comments and blank lines between and inside of events, as keep-alives are.
std::string with_comments(std::string_view stream);
/// An event of a type that no wire has, after every event of the stream but the last.
std::string with_unknown_events(std::string_view stream, std::string_view name, std::string_view data);
/// Without the line ends at its end.
std::string without_last_line_end(std::string_view stream);

enum class Escapes {
  plain,  ///< strings as they are, in UTF-8
  all,    ///< every character as \uXXXX, surrogate pairs where needed
};
/// Every JSON text in it (the data of its events, or the whole body) written anew; texts of the answer pass through `text` first. nullopt: there is no JSON.
std::optional<std::string> rewritten(std::string_view body, bool stream, Escapes, const std::function<std::string(std::string_view)>& text = {});

/// Its letters e, o, a replaced by characters of two, three and four bytes.
std::string foreign(std::string_view text);

}  // namespace belay::conform::variants
