// Short forms for writing JSON objects member by member.
#pragma once

#include <string_view>

#include "base/json.hpp"

namespace belay::runtime::wires {

/// An object that is written into a buffer of its own.
class Object {
 public:
  Object() : to_(buffer_) { to_.StartObject(); }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  Object& text(std::string_view name, std::string_view value) {
    json::key(to_, name);
    json::str(to_, value);
    return *this;
  }
  Object& number(std::string_view name, std::int64_t value) {
    json::key(to_, name);
    to_.Int64(value);
    return *this;
  }
  Object& truth(std::string_view name, bool value) {
    json::key(to_, name);
    to_.Bool(value);
    return *this;
  }
  Object& null(std::string_view name) {
    json::key(to_, name);
    to_.Null();
    return *this;
  }
  Object& value(std::string_view name, const json::Value& value) {
    json::key(to_, name);
    value.Accept(to_);
    return *this;
  }
  /// `value` is JSON already.
  Object& json(std::string_view name, std::string_view value) {
    json::key(to_, name);
    to_.RawValue(value.data(), value.size(), rapidjson::kObjectType);
    return *this;
  }
  /// Ends the object. Nothing is added after it.
  std::string_view end() {
    to_.EndObject();
    return json::view(buffer_);
  }
  /// The writer, for what is nested.
  json::Writer& to() { return to_; }

 private:
  json::Buffer buffer_;
  json::Writer to_;
};

}  // namespace belay::runtime::wires
