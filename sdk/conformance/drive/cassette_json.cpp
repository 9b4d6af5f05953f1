#include "drive/cassette_json.hpp"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>

#include "base/json.hpp"

namespace belay::conform {
namespace {

/// Builds the tree from RapidJSON's events; numbers come as they are written.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  Builder(std::string_view text, const rapidjson::MemoryStream& stream) : text_(text), stream_(stream) {}

  bool Null() { return add(PlacedJson::Kind::null, "null"); }
  bool Bool(bool value) { return add(PlacedJson::Kind::boolean, value ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return add(PlacedJson::Kind::number, {text, size}); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return add(PlacedJson::Kind::string, {text, size}); }
  bool StartObject() { return open(PlacedJson::Kind::object); }
  bool StartArray() { return open(PlacedJson::Kind::array); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    key_.assign(text, size);
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  PlacedJson root;

 private:
  PlacedJson& place() {
    if (path_.empty()) return root;
    auto& members = path_.back()->members;
    members.emplace_back(std::move(key_), PlacedJson{});
    key_.clear();
    return members.back().second;
  }
  PlacedJson& fill(PlacedJson::Kind kind, std::string_view text) {
    PlacedJson& value = place();
    value.kind = kind;
    value.text = text;
    value.line = line();
    return value;
  }
  bool add(PlacedJson::Kind kind, std::string_view text) {
    fill(kind, text);
    return true;
  }
  bool open(PlacedJson::Kind kind) {
    path_.push_back(&fill(kind, {}));
    return true;
  }
  bool close() {
    path_.pop_back();
    return true;
  }
  /// Of the place that the reader has come to.
  std::size_t line() {
    const std::size_t at = std::min(stream_.Tell(), text_.size());
    line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_), text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    counted_ = at;
    return line_;
  }

  std::string_view text_;
  const rapidjson::MemoryStream& stream_;
  std::vector<PlacedJson*> path_;   // a parent's vector grows only while it is the last of the path: its children are closed then
  std::string key_;
  std::size_t line_ = 1, counted_ = 0;
};

void write(const PlacedJson& value, std::string& out) {
  if (value.is(PlacedJson::Kind::string)) {
    out += json::quoted(value.text);
    return;
  }
  if (!value.is(PlacedJson::Kind::object) && !value.is(PlacedJson::Kind::array)) {
    out += value.text;
    return;
  }
  const bool object = value.is(PlacedJson::Kind::object);
  out += object ? '{' : '[';
  bool first = true;
  for (const auto& [name, member] : value.members) {
    if (!first) out += ',';
    first = false;
    if (object) out += json::quoted(name) + ":";
    write(member, out);
  }
  out += object ? '}' : ']';
}

}  // namespace

std::string PlacedJson::json() const {
  std::string out;
  write(*this, out);
  return out;
}

std::string_view kind_name(PlacedJson::Kind kind) {
  static constexpr std::string_view names[] = {"null", "true or false", "a number", "a string", "an array", "an object"};
  return names[static_cast<std::size_t>(kind)];
}

Result<PlacedJson> parse_placed(std::string_view text) {
  if (const auto checked = json::parse(text); !checked) return checked.error();
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  rapidjson::MemoryStream stream(text.data(), text.size());
  Builder builder(text, stream);
  rapidjson::Reader reader;
  constexpr unsigned flags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag;
  if (!reader.Parse<flags>(stream, builder)) return fail("it can't be read as JSON");
  return std::move(builder.root);
}

}  // namespace belay::conform
