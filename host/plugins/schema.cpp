#include "schema.hpp"

#include <rapidjson/pointer.h>
#include <rapidjson/schema.h>

#include <algorithm>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

namespace belay::plugins {
namespace {

using Pointer = rapidjson::GenericPointer<json::Value>;

std::string text_of(const Pointer& pointer) {
  json::Buffer buffer;
  pointer.Stringify(buffer);
  return std::string(json::view(buffer));
}

std::string dotted(const Pointer& pointer) {
  std::string out;
  for (std::size_t i = 0; i < pointer.GetTokenCount(); ++i)
    out += "." + printable({pointer.GetTokens()[i].name, pointer.GetTokens()[i].length});
  return out;
}

std::string shown(const json::Value& value) {
  const std::string text = printable(json::text(value));
  return text.size() <= 60 ? text : std::string(cut_utf8(text, 57)) + "...";
}

/// "a", "b" or "c"
std::string list(const std::vector<std::string>& items, const char* last) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) out += (i == 0 ? "" : i + 1 == items.size() ? last : ", ") + items[i];
  return out;
}

std::vector<std::string> names_of(const json::Value* object) {
  std::vector<std::string> names;
  if (object == nullptr || !object->IsObject()) return names;
  for (const auto& member : object->GetObject()) names.emplace_back(json::view(member.name));
  return names;
}

std::vector<std::string> items_of(const json::Value* value) {
  std::vector<std::string> items;
  if (value == nullptr) return items;
  if (!value->IsArray()) return {shown(*value)};
  for (const auto& item : value->GetArray()) items.push_back(shown(item));
  return items;
}

/// The words of one failed rule, "key: what is wrong (what would be right)" after the place.
class Explanation {
 public:
  /// `name` is the last step to the value, "" for the options as a whole.
  Explanation(const json::Value& rule, const json::Value& value, std::string_view name, std::string place)
      : rule_(rule), value_(value), name_(name), place_(std::move(place)) {}

  std::string text(std::string_view keyword) const {
    if (keyword == "additionalProperties") return unknown_key();
    if (keyword == "required") return missing_key();
    return place_ + ": " + shown(value_) + " " + complaint(keyword);
  }

 private:
  [[nodiscard]] const json::Value* limit(std::string_view name) const { return json::find(rule_, name); }
  [[nodiscard]] std::string right(std::string_view before, std::string_view name) const {
    const auto* value = limit(name);
    return " (right would be " + std::string(before) + (value == nullptr ? "" : shown(*value)) + ")";
  }

  [[nodiscard]] std::string complaint(std::string_view keyword) const {
    if (keyword == "type") {
      std::vector<std::string> types;
      for (auto type : items_of(limit("type"))) types.push_back(type.substr(1, type.size() - 2));
      return "is of the wrong type (right would be: " + list(types, " or ") + ")";
    }
    if (keyword == "enum")
      return "is none of its values (right would be " + list(items_of(limit("enum")), " or ") + ")";
    if (keyword == "minimum" || keyword == "exclusiveMinimum")
      return "is too small" + right(exclusive("exclusiveMinimum") ? "more than " : "at least ", "minimum");
    if (keyword == "maximum" || keyword == "exclusiveMaximum")
      return "is too large" + right(exclusive("exclusiveMaximum") ? "less than " : "at most ", "maximum");
    if (keyword == "multipleOf") return "is not a whole step" + right("a multiple of ", "multipleOf");
    if (keyword == "minLength") return "is too short" + right("at least this many characters: ", "minLength");
    if (keyword == "maxLength") return "is too long" + right("at most this many characters: ", "maxLength");
    if (keyword == "pattern") return "does not have the right form" + right("what the pattern matches: ", "pattern");
    if (keyword == "minItems") return "has too few items" + right("at least ", "minItems");
    if (keyword == "maxItems") return "has too many items" + right("at most ", "maxItems");
    if (keyword == "uniqueItems") return "has an item twice (right would be: each once)";
    return "is not what the plugin's schema allows (its rule \"" + std::string(keyword) + "\")";
  }

  [[nodiscard]] bool exclusive(std::string_view name) const {
    const auto* value = limit(name);
    return value != nullptr && value->IsTrue();
  }

  [[nodiscard]] std::string unknown_key() const {
    const auto known = names_of(limit("properties"));
    if (known.empty()) return place_ + ": unknown option (there is none)";
    const auto meant = suggest(name_, known);
    return place_ + ": unknown option (" +
           (meant.empty() ? (known.size() == 1 ? "there is only " : "there are ") + list(known, " and ")
                          : "did you mean \"" + meant + "\"?") +
           ")";
  }

  [[nodiscard]] std::string missing_key() const {
    const auto* needed = limit("required");
    if (needed != nullptr && needed->IsArray()) {
      for (const auto& name : needed->GetArray()) {
        if (name.IsString() && json::find(value_, json::view(name)) == nullptr)
          return place_ + "." + printable(json::view(name)) + ": missing (the plugin needs it)";
      }
    }
    return place_ + ": something is missing that the plugin needs";
  }

  const json::Value& rule_;
  const json::Value& value_;
  const std::string_view name_;
  const std::string place_;
};

}  // namespace

Result<void> check_options(std::string_view schema, const std::string& options, const std::string& provider) {
  const std::string place = "provider." + provider + ".options";
  const auto value = json::parse(options);
  if (!value) return fail(place + ": " + value.error().message);
  if (!value->IsObject()) return fail(place + ": is no table of options");
  if (schema.empty()) {
    if (value->MemberCount() == 0) return {};
    return fail(place + "." + printable(json::view(value->MemberBegin()->name)) +
                ": unknown option (this plugin has none)");
  }
  const auto rules = json::parse(schema);
  if (!rules) return fail(place + ": the plugin's schema is no JSON: " + rules.error().message);
  const rapidjson::SchemaDocument compiled(*rules);
  rapidjson::SchemaValidator validator(compiled);
  if (value->Accept(validator)) return {};

  const Pointer at = validator.GetInvalidDocumentPointer();
  const json::Value* rule = json::at(*rules, text_of(validator.GetInvalidSchemaPointer()));
  const json::Value* wrong = json::at(*value, text_of(at));
  const char* keyword = validator.GetInvalidSchemaKeyword();
  if (rule == nullptr || wrong == nullptr || keyword == nullptr)
    return fail(place + dotted(at) + ": is not what the plugin's schema allows");
  const std::size_t steps = at.GetTokenCount();
  const std::string_view name =
      steps == 0 ? std::string_view()
                 : std::string_view(at.GetTokens()[steps - 1].name, at.GetTokens()[steps - 1].length);
  return fail(Explanation(*rule, *wrong, name, place + dotted(at)).text(keyword));
}

}  // namespace belay::plugins
