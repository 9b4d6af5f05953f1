#include "json_value.hpp"

#include <cmath>

#include "base/json.hpp"

namespace belay::config {
namespace {

/// False when something has no JSON form; all such things are reported.
bool write(const Section& section, const Node& value, json::Writer& to) {
  switch (value.kind) {
    case Node::Kind::string:
      json::str(to, value.text);
      return true;
    case Node::Kind::integer:
      to.Int64(value.integer);
      return true;
    case Node::Kind::boolean:
      to.Bool(value.boolean);
      return true;
    case Node::Kind::number:
      if (std::isfinite(value.number)) {
        to.Double(value.number);
        return true;
      }
      to.Null();
      section.error(value, "inf and nan have no JSON form", "a finite number");
      return false;
    case Node::Kind::date:
      to.Null();
      section.error(value, "a date has no JSON form", "a string in quotes");
      return false;
    case Node::Kind::array: {
      bool sound = true;
      to.StartArray();
      for (const Node& item : value.items) sound &= write(section, item, to);
      to.EndArray();
      return sound;
    }
    case Node::Kind::table:
      break;
  }
  bool sound = true;
  to.StartObject();
  for (const Node& member : value.items) {
    json::key(to, member.key);
    sound &= write(section, member, to);
  }
  to.EndObject();
  return sound;
}

}  // namespace

std::optional<std::string> json_value(const Section& section, const Node& value) {
  json::Buffer buffer;
  json::Writer writer(buffer);
  if (!write(section, value, writer)) return std::nullopt;
  return std::string(json::view(buffer));
}

}  // namespace belay::config
