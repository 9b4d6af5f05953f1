// The SIMD door to RapidJSON: one in-situ SAX pass over a private, padded copy of a text, for index_object() and
// parse(). Included by exactly two units, each with a RapidJSON of its own name (RAPIDJSON_NAMESPACE), so that the
// SSE4.2 and the plain one never share a template. For the same reason only plain data and plain functions pass between
// them and the rest.
#pragma once

#include <cstddef>
#include <cstdint>

namespace belay::json::scan {

constexpr std::size_t padding = 16;  // the SIMD path reads that far past the end

/// A member's name as it stands decoded in the copy. Its begin is also where the raw name begins, since decoding never
/// moves that.
struct Name {
  const char*
      text;  // null: not a name but the bottom of an object that is open; `size` is then the count of names below it
  std::size_t size;
};

/// The names of all objects that are open, so that no object has one twice.
struct Names {
  Name* at;
  std::size_t count, room;
};
bool grow(Names& names);                                  // in the plain unit; false: out of memory
const Name* twice(const Name* names, std::size_t count);  // the second of two equal ones, or null

bool fits(const char* number, std::size_t size);  // into a double; in the plain unit

/// Receives a document; each returns whether to go on. Strings stay where they are in the copy.
struct Events {
  void* to;
  bool (*null)(void* to);
  bool (*boolean)(void* to, bool value);
  bool (*number)(void* to, const char* text, unsigned size);  // false: it fits no double
  bool (*string)(void* to, const char* text, unsigned size);
  bool (*begin_object)(void* to);
  bool (*end_object)(void* to, unsigned count);
  bool (*begin_array)(void* to);
  bool (*end_array)(void* to, unsigned count);
};

struct Pass {
  char* copy;
  std::size_t depth_limit;
  Names names;           // after index: the names of the top-level object, in order, from names.at[1] on
  const char* error;     // static text; null: fine
  std::size_t error_at;  // in the copy
  const Name* doubled;   // the second of two equal names, when that is what is wrong
};

/// Both check the whole text, with the same answer. index: it is one object. build: any one value, handed to `events`.
void index_plain(Pass& pass);
void index_sse42(Pass& pass);
void build_plain(Pass& pass, const Events& events);
void build_sse42(Pass& pass, const Events& events);
bool has_sse42();

}  // namespace belay::json::scan
