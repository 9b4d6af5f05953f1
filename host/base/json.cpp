#include "base/json.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>

#include "base/utf8.hpp"

namespace belay::json {
namespace {

using Stream = rapidjson::MemoryStream;

std::string place(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto newline = before.rfind('\n');
  const auto column = newline == std::string_view::npos ? offset + 1 : offset - newline;
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
}

/// Counts depth before anything is built, so that no document is ever deeper than the cap.
std::optional<std::size_t> too_deep(std::string_view text, std::size_t limit) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > limit) return i;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return std::nullopt;
}

/// The first name that an object of the document has twice. Depth is capped, so this may recurse.
const Value* duplicate_name(const Value& value) {
  if (value.IsArray()) {
    for (const auto& item : value.GetArray()) {
      if (const auto* found = duplicate_name(item)) return found;
    }
  }
  if (!value.IsObject()) return nullptr;
  std::vector<std::string_view> names;
  names.reserve(value.MemberCount());
  for (const auto& member : value.GetObject()) {
    names.push_back(view(member.name));
    if (const auto* found = duplicate_name(member.value)) return found;
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return nullptr;
  for (const auto& member : value.GetObject()) {
    if (view(member.name) == *twice) return &member.name;
  }
  return nullptr;
}

}  // namespace

Result<Document> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) return fail("the text has more than the " + std::to_string(limits.bytes) + " bytes that are read here");
  if (!valid_utf8(text)) return fail("the text is not valid UTF-8");
  if (const auto offset = too_deep(text, limits.depth)) {
    return fail(place(text, *offset) + "more than " + std::to_string(limits.depth) + " levels of arrays and objects");
  }
  Document document;
  Stream memory(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, Stream> stream(memory);
  document.ParseStream<rapidjson::kParseIterativeFlag>(stream);
  if (document.HasParseError()) {
    std::string why = rapidjson::GetParseError_En(document.GetParseError());
    if (why.ends_with('.')) why.pop_back();
    return fail(place(text, document.GetErrorOffset()) + why);
  }
  if (const auto* name = duplicate_name(document)) return fail("the name " + quoted(view(*name)) + " stands twice in one object");
  return document;
}

const Value* find(const Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const auto member = object.FindMember(Value(rapidjson::StringRef(name.data() == nullptr ? "" : name.data(), static_cast<rapidjson::SizeType>(name.size()))));
  return member == object.MemberEnd() ? nullptr : &member->value;
}

const Value* at(const Value& root, std::string_view pointer) {
  const Value* value = &root;
  while (!pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.size(), pointer.find('/'));
    std::string token;
    for (std::size_t i = 0; i < end; ++i) {
      if (pointer[i] == '~' && i + 1 < end && (pointer[i + 1] == '0' || pointer[i + 1] == '1')) {
        token += pointer[++i] == '0' ? '~' : '/';
      } else {
        token += pointer[i];
      }
    }
    pointer.remove_prefix(end);
    if (value->IsArray()) {
      rapidjson::SizeType index = 0;
      const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), index);
      const bool whole = error == std::errc{} && stop == token.data() + token.size() && (token == "0" || token.front() != '0');
      if (!whole || index >= value->Size()) return nullptr;
      value = &(*value)[index];
    } else {
      value = find(*value, token);
      if (value == nullptr) return nullptr;
    }
  }
  return value;
}

std::optional<std::string_view> string_at(const Value& object, std::string_view name) {
  const auto* value = find(object, name);
  return value != nullptr && value->IsString() ? std::optional(view(*value)) : std::nullopt;
}
std::optional<double> number_at(const Value& object, std::string_view name) {
  const auto* value = find(object, name);
  return value != nullptr && value->IsNumber() ? std::optional(value->GetDouble()) : std::nullopt;
}
std::optional<std::int64_t> int_at(const Value& object, std::string_view name) {
  const auto* value = find(object, name);
  return value != nullptr && value->IsInt64() ? std::optional(value->GetInt64()) : std::nullopt;
}
std::optional<bool> bool_at(const Value& object, std::string_view name) {
  const auto* value = find(object, name);
  return value != nullptr && value->IsBool() ? std::optional(value->GetBool()) : std::nullopt;
}

std::string text(const Value& value) {
  Buffer buffer;
  Writer writer(buffer);
  value.Accept(writer);
  return std::string(view(buffer));
}

std::string quoted(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string valid;
  if (!valid_utf8(text)) {
    for (std::size_t i = 0; i < text.size();) {  // one replacement character per byte that fits nowhere
      std::size_t size = 1;
      while (size <= 4 && i + size <= text.size() && !valid_utf8(text.substr(i, size))) ++size;
      if (size <= 4 && i + size <= text.size()) {
        valid.append(text.substr(i, size));
        i += size;
      } else {
        valid += "\xef\xbf\xbd";
        ++i;
      }
    }
    text = valid;
  }
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += hex[static_cast<unsigned char>(c) >> 4];
          out += hex[static_cast<unsigned char>(c) & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
  return out;
}

}  // namespace belay::json
