#include "base/json.hpp"

#include <algorithm>
#include <charconv>
#include <new>

#include "base/utf8.hpp"
#include "json_checked.hpp"
#include "json_number.hpp"
#include "json_text.hpp"

namespace belay::json {
namespace {

Document& document_of(void* to) { return *static_cast<Document*>(to); }

bool add_number(Document& document, std::string_view text) {
  const auto number = read_number(text);
  if (!number) return false;
  if (const auto* whole = std::get_if<std::int64_t>(&*number)) return document.Int64(*whole);
  if (const auto* large = std::get_if<std::uint64_t>(&*number)) return document.Uint64(*large);
  return document.Double(std::get<double>(*number));
}

/// Strings are not copied: they stay in the text's copy, which lives in the document's own memory.
scan::Events events_into(Document& document) {
  scan::Events events{};
  events.to = &document;
  events.null = [](void* to) { return document_of(to).Null(); };
  events.boolean = [](void* to, bool value) { return document_of(to).Bool(value); };
  events.number = [](void* to, const char* text, unsigned size) { return add_number(document_of(to), {text, size}); };
  events.string = [](void* to, const char* text, unsigned size) { return document_of(to).String(text, size, false); };
  events.begin_object = [](void* to) { return document_of(to).StartObject(); };
  events.end_object = [](void* to, unsigned count) { return document_of(to).EndObject(count); };
  events.begin_array = [](void* to) { return document_of(to).StartArray(); };
  events.end_array = [](void* to, unsigned count) { return document_of(to).EndArray(count); };
  return events;
}

}  // namespace

Result<Document> parse(std::string_view whole, const Limits& limits) {
  const auto text = admit(whole, limits);
  if (!text) return text.error();
  Document document;
  auto* copy = static_cast<char*>(document.GetAllocator().Malloc(text->size() + scan::padding));
  if (copy == nullptr) throw std::bad_alloc();
  CheckedPass pass(*text, copy, limits.depth);
  Result<void> built;
  auto generate = [&](Document& into) {
    built = pass.build(events_into(into));
    return built.ok();
  };
  document.Populate(generate);
  if (!built) return built.error();
  return document;
}

const Value* find(const Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const auto member = object.FindMember(Value(
      rapidjson::StringRef(name.data() == nullptr ? "" : name.data(), static_cast<rapidjson::SizeType>(name.size()))));
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
      const bool whole =
          error == std::errc{} && stop == token.data() + token.size() && (token == "0" || token.front() != '0');
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
  if (!valid_utf8(text)) text = valid = replace_invalid_utf8(text);
  std::string out;
  out.reserve(text.size() + text.size() / 16 + 2);
  out += '"';
  std::size_t plain = 0;  // where the characters begin that need no escape and are not copied yet
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, at - plain);
    plain = at + 1;
    out += '\\';
    switch (c) {
      case '\n':
        out += 'n';
        break;
      case '\r':
        out += 'r';
        break;
      case '\t':
        out += 't';
        break;
      case '"':
      case '\\':
        out += static_cast<char>(c);
        break;
      default:
        out += "u00";
        out += hex[c >> 4];
        out += hex[c & 15];
    }
  }
  out.append(text, plain);
  out += '"';
  return out;
}

}  // namespace belay::json
