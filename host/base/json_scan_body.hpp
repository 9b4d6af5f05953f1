// What both units of json_scan.hpp compile, each with its own RapidJSON.
#pragma once

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <cstring>

#include "json_scan.hpp"

namespace belay::json::scan {
namespace {
namespace rj = RAPIDJSON_NAMESPACE;

/// Depth and names, the same for both kinds of pass.
class Shape {
 public:
  explicit Shape(Pass& pass) : pass_(pass) {}
  [[nodiscard]] std::size_t depth() const { return depth_; }

  bool begin_array() { return deeper(); }
  bool end_array() {
    --depth_;
    return true;
  }
  bool begin_object() {
    const std::size_t below = bottom_;
    bottom_ = pass_.names.count + 1;
    return deeper() && push({nullptr, below});
  }
  bool name(const char* text, std::size_t size) { return push({text, size}); }
  bool end_object() {
    const Name* const own = pass_.names.at + bottom_;
    const std::size_t count = pass_.names.count - bottom_;
    if (count > 1 && has_twice(own, count)) return false;
    if (--depth_ == 0) return true;  // the names of the whole are for the caller
    pass_.names.count = bottom_ - 1;
    bottom_ = own[-1].size;
    return true;
  }

 private:
  bool deeper() { return ++depth_ <= pass_.depth_limit || stop("too many levels of arrays and objects"); }
  bool push(Name name) {
    if (pass_.names.count == pass_.names.room && !grow(pass_.names)) return stop("out of memory");
    pass_.names.at[pass_.names.count++] = name;
    return true;
  }
  bool has_twice(const Name* own, std::size_t count) {
    static constexpr std::size_t few = 8;
    if (count > few) {
      pass_.doubled = twice(own, count);
    } else {
      for (std::size_t i = 1; i < count; ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (own[i].size == own[j].size && std::memcmp(own[i].text, own[j].text, own[i].size) == 0)
            pass_.doubled = own + i;
        }
      }
    }
    return pass_.doubled != nullptr && !stop("the name stands twice in one object");
  }
  bool stop(const char* why) {
    pass_.error = why;
    return false;
  }

  Pass& pass_;
  std::size_t depth_ = 0;
  std::size_t bottom_ = 0;  // where the names of the innermost open object begin
};

bool too_big(Pass& pass) {
  pass.error = "Number too big to be stored in double";
  return false;
}

/// The reader wants these of a handler, and never calls them: it hands over numbers as they are written.
struct NoNumbers {
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
};

/// Only looks: nothing is kept but the names at the top.
struct Look : NoNumbers {
  explicit Look(Pass& pass) : pass(pass), shape(pass) {}

  Pass& pass;
  Shape shape;

  bool value() {
    if (shape.depth() > 0) return true;
    pass.error = "the text is not a JSON object";
    return false;
  }
  bool Null() { return value(); }
  bool Bool(bool) { return value(); }
  bool RawNumber(const char* text, rj::SizeType size, bool) { return value() && (fits(text, size) || too_big(pass)); }
  bool String(const char*, rj::SizeType, bool) { return value(); }
  bool Key(const char* name, rj::SizeType size, bool) { return shape.name(name, size); }
  bool StartObject() { return shape.begin_object(); }
  bool EndObject(rj::SizeType) { return shape.end_object(); }
  bool StartArray() { return value() && shape.begin_array(); }
  bool EndArray(rj::SizeType) { return shape.end_array(); }
};

/// Hands everything on.
struct Build : NoNumbers {
  Build(Pass& pass, const Events& events) : pass(pass), events(events), shape(pass) {}

  Pass& pass;
  const Events& events;
  Shape shape;

  bool Null() { return events.null(events.to); }
  bool Bool(bool value) { return events.boolean(events.to, value); }
  bool RawNumber(const char* text, rj::SizeType size, bool) {
    return events.number(events.to, text, size) || too_big(pass);
  }
  bool String(const char* text, rj::SizeType size, bool) { return events.string(events.to, text, size); }
  bool Key(const char* text, rj::SizeType size, bool) {
    return shape.name(text, size) && events.string(events.to, text, size);
  }
  bool StartObject() { return shape.begin_object() && events.begin_object(events.to); }
  bool EndObject(rj::SizeType count) { return shape.end_object() && events.end_object(events.to, count); }
  bool StartArray() { return shape.begin_array() && events.begin_array(events.to); }
  bool EndArray(rj::SizeType count) { return shape.end_array() && events.end_array(events.to, count); }
};

template <typename Handler>
void run(Pass& pass, Handler handler) {
  constexpr unsigned flags = rj::kParseInsituFlag | rj::kParseIterativeFlag | rj::kParseNumbersAsStringsFlag;
  rj::InsituStringStream stream(pass.copy);
  rj::Reader reader;
  const auto result = reader.template Parse<flags>(stream, handler);
  if (!result) {
    pass.error_at = result.Offset();
    if (pass.error == nullptr) pass.error = rj::GetParseError_En(result.Code());
  }
}

void index_here(Pass& pass) { run(pass, Look(pass)); }
void build_here(Pass& pass, const Events& events) { run(pass, Build(pass, events)); }

}  // namespace
}  // namespace belay::json::scan
