// The scanner behind index_object(): one SAX pass over a private, padded copy. Included by exactly two units, each with a RapidJSON of its own
// name (RAPIDJSON_NAMESPACE), so that the SIMD and the plain one never share a template.
#pragma once

#include <rapidjson/reader.h>
#include <rapidjson/error/en.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace belay::json::scan {

/// Plain data, so that the two units share no code of the standard library's templates that could carry SSE4.2 instructions into the other.
struct Spans {
  std::size_t* at;         // where the raw name of each top-level member begins
  std::size_t count, room;
  std::size_t error_offset;
  const char* error;       // static text; null: fine
  bool (*grow)(Spans&);    // makes more room; lives in the plain unit
};

bool index_plain(char* copy, std::size_t size, std::size_t depth, Spans& out);
bool index_sse42(char* copy, std::size_t size, std::size_t depth, Spans& out);
bool has_sse42();

#ifdef BELAY_JSON_SCAN_BODY
namespace {
namespace rj = RAPIDJSON_NAMESPACE;

/// Notes where the names of the top-level members begin. An in-situ name is handed over as a pointer into the copy; the stream's own position is
/// not up to date inside a handler, so everything else is found from these places.
struct Members {
  const char* base;
  Spans* out;
  std::size_t limit, depth = 0;
  bool too_deep = false, no_object = false, full = false;

  bool value() {
    if (depth == 0) no_object = true;
    return !no_object;
  }
  bool open(bool object) {
    if (depth == 0 && !object) no_object = true;
    if (++depth > limit) too_deep = true;
    return !no_object && !too_deep;
  }
  bool close() {
    --depth;
    return true;
  }
  bool Null() { return value(); }
  bool Bool(bool) { return value(); }
  bool Int(int) { return value(); }
  bool Uint(unsigned) { return value(); }
  bool Int64(std::int64_t) { return value(); }
  bool Uint64(std::uint64_t) { return value(); }
  bool Double(double) { return value(); }
  bool RawNumber(const char*, rj::SizeType, bool) { return value(); }
  bool String(const char*, rj::SizeType, bool) { return value(); }
  bool StartObject() { return open(true); }
  bool EndObject(rj::SizeType) { return close(); }
  bool StartArray() { return open(false); }
  bool EndArray(rj::SizeType) { return close(); }
  bool Key(const char* name, rj::SizeType, bool) {
    if (depth != 1) return true;
    if (out->count == out->room && !out->grow(*out)) {
      full = true;
      return false;
    }
    out->at[out->count++] = static_cast<std::size_t>(name - base);
    return true;
  }
};

bool index_here(char* copy, std::size_t depth, Spans& out) {
  rj::InsituStringStream stream(copy);
  Members members{copy, &out, depth};
  rj::Reader reader;
  const auto result = reader.template Parse<rj::kParseInsituFlag | rj::kParseIterativeFlag | rj::kParseNumbersAsStringsFlag>(stream, members);
  if (!result) {
    out.error_offset = result.Offset();
    out.error = members.too_deep    ? "too many levels of arrays and objects"
                : members.no_object ? "the text is not a JSON object"
                : members.full      ? "out of memory"
                                    : rj::GetParseError_En(result.Code());
    return false;
  }
  return true;
}
}  // namespace
#endif

}  // namespace belay::json::scan
