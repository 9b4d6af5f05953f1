// JSON with limits: RapidJSON behind one door. Every text that comes from outside (client, upstream, plugin, file) enters here:
// iterative parser, depth cap, UTF-8 check, duplicate keys refused, places as line:column.
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace belay::json {

using Document = rapidjson::Document;
using Value = rapidjson::Value;
using Buffer = rapidjson::StringBuffer;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

struct Limits {
  std::size_t bytes = 64u << 20;
  std::size_t depth = 96;
};

/// Parses one whole JSON text (RFC 8259). The error says "line 3, column 14: ...". A byte order mark is skipped, an escape of half a character
/// ("\ud800" alone) read as U+FFFD, a number read to the nearest double; one that fits none is refused. The document owns all it needs.
Result<Document> parse(std::string_view text, const Limits& limits = {});

/// The member, or nullptr when `object` is no object or lacks it.
const Value* find(const Value& object, std::string_view name);
/// RFC 6901 pointer ("" is the whole document; "/a/0"); nullptr when it leads nowhere.
const Value* at(const Value& root, std::string_view pointer);

std::optional<std::string_view> string_at(const Value& object, std::string_view name);
std::optional<double> number_at(const Value& object, std::string_view name);
std::optional<std::int64_t> int_at(const Value& object, std::string_view name);
std::optional<bool> bool_at(const Value& object, std::string_view name);

inline std::string_view view(const Value& string) { return {string.GetString(), string.GetStringLength()}; }
inline void key(Writer& to, std::string_view name) { to.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); }
inline void str(Writer& to, std::string_view text) { to.String(text.data(), static_cast<rapidjson::SizeType>(text.size())); }
inline std::string_view view(const Buffer& buffer) { return {buffer.GetString(), buffer.GetSize()}; }

/// One value as compact text.
std::string text(const Value& value);
/// `text` as a JSON string literal, quotes included; invalid UTF-8 becomes U+FFFD.
std::string quoted(std::string_view text);

/// `text` with U+FFFD's escape for every escape of half a character: what parse() and index_object() read, for a reader of one's own.
std::string without_lone_surrogates(std::string_view text);

/// One top-level member of an object: where its raw key (without quotes) and its value stand in the text.
struct Member {
  std::string_view name;   ///< as written, escapes not decoded
  std::string_view value;  ///< the whole value, white space around it excluded
};

/// Checks a whole JSON object, accepting what parse() accepts, and lists its top-level members in order, without building a document: the hot path of
/// every request. Views point into `text`. Uses SSE4.2 where the processor has it.
Result<std::vector<Member>> index_object(std::string_view text, const Limits& limits = {});

}  // namespace belay::json
