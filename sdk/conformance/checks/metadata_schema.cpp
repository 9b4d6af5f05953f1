// META-04: the schema of the options, by the rules that JSON Schema draft-04 has for schemas.
#include <regex.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "checks/metadata.hpp"
#include "words.hpp"

namespace belay::conform {
namespace {

using json::Value;

constexpr std::array<std::string_view, 7> types = {"array", "boolean", "integer", "null", "number", "object", "string"};
// Of later drafts: a draft-04 reader skips them in silence, and what they forbid is allowed.
constexpr std::array<std::string_view, 12> later = {"const", "contains", "propertyNames", "if", "then", "else", "$defs", "prefixItems", "dependentRequired",
                                                    "dependentSchemas", "unevaluatedProperties", "$dynamicRef"};

/// Options hold no secrets; these are what people call them.
bool names_a_secret(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '_' && c != '-') plain += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  for (const std::string_view word : {"apikey", "secret", "password", "token", "accesstoken", "refreshtoken", "clientsecret", "bearertoken", "authtoken", "privatekey",
                                      "credential", "credentials", "secretkey", "accesskey", "passphrase"}) {
    if (plain == word) return true;
  }
  return false;
}

class Schema {
 public:
  Schema(const Case& self, const Value& root) : self_(self), root_(root) {}

  void check() { schema(root_, "the schema"); }

 private:
  void need(bool good, const std::string& place, const char* right, const Value& found) const {
    if (!good) self_.fail(place + " is " + right, printable(json::text(found)));
  }

  void schema(const Value& value, const std::string& place) {
    need(value.IsObject(), place, "an object", value);
    for (const auto& member : value.GetObject()) keyword(json::view(member.name), member.value, place + "." + printable(json::view(member.name)));
  }

  void keyword(std::string_view name, const Value& value, const std::string& place) {
    if (std::find(later.begin(), later.end(), name) != later.end()) self_.fail("keywords of draft-04", place + " is one of a later draft");
    if (name == "type") type(value, place);
    else if (name == "properties" || name == "patternProperties" || name == "definitions") members(name, value, place);
    else if (name == "required") required(value, place);
    else if (name == "enum") need(value.IsArray() && !value.Empty(), place, "a list of at least one value", value);
    else if (name == "allOf" || name == "anyOf" || name == "oneOf") each(value, place);
    else if (name == "not") schema(value, place);
    else if (name == "items") value.IsArray() ? each(value, place) : schema(value, place);
    else if (name == "additionalProperties" || name == "additionalItems") flag_or_schema(value, place);
    else if (name == "minimum" || name == "maximum") need(value.IsNumber(), place, "a number", value);
    else if (name == "multipleOf") need(value.IsNumber() && value.GetDouble() > 0, place, "a number above 0", value);
    else if (name == "exclusiveMinimum" || name == "exclusiveMaximum" || name == "uniqueItems") need(value.IsBool(), place, "true or false", value);
    else if (name == "minLength" || name == "maxLength" || name == "minItems" || name == "maxItems" || name == "minProperties" || name == "maxProperties")
      need(value.IsUint(), place, "a whole number from 0 on", value);
    else if (name == "pattern") pattern(value, place);
    else if (name == "$ref") reference(value, place);
    else if (name == "title" || name == "description" || name == "format" || name == "id") need(value.IsString(), place, "a text", value);
    else if (name == "$schema") dialect(value, place);
  }

  void type(const Value& value, const std::string& place) const {
    const auto known = [](const Value& word) { return word.IsString() && std::find(types.begin(), types.end(), json::view(word)) != types.end(); };
    if (value.IsArray()) {
      need(!value.Empty(), place, "a list of at least one type", value);
      for (const auto& word : value.GetArray()) need(known(word), place, "one of array, boolean, integer, null, number, object, string", word);
    } else {
      need(known(value), place, "one of array, boolean, integer, null, number, object, string", value);
    }
  }

  void members(std::string_view of, const Value& value, const std::string& place) {
    need(value.IsObject(), place, "an object", value);
    for (const auto& member : value.GetObject()) {
      const auto name = json::view(member.name);
      if (of == "properties" && names_a_secret(name))
        self_.fail("no secrets among the options: the host owns credentials and lends them", place + "." + printable(name));
      schema(member.value, place + "." + printable(name));
    }
  }

  void required(const Value& value, const std::string& place) const {
    need(value.IsArray() && !value.Empty(), place, "a list of at least one name", value);
    std::set<std::string> names;
    for (const auto& name : value.GetArray()) {
      need(name.IsString(), place, "a list of names", name);
      need(names.emplace(json::view(name)).second, place, "a list with each name once", name);
    }
  }

  void each(const Value& value, const std::string& place) {
    need(value.IsArray() && !value.Empty(), place, "a list of at least one schema", value);
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) schema(value[i], place + "[" + std::to_string(i) + "]");
  }

  void flag_or_schema(const Value& value, const std::string& place) {
    if (!value.IsBool()) schema(value, place);
  }

  void pattern(const Value& value, const std::string& place) const {
    need(value.IsString(), place, "a regular expression", value);
    const std::string text(json::view(value));
    regex_t compiled;
    if (regcomp(&compiled, text.c_str(), REG_EXTENDED | REG_NOSUB) != 0) self_.fail(place + " is a regular expression", printable(text));
    regfree(&compiled);
  }

  void reference(const Value& value, const std::string& place) const {
    need(value.IsString(), place, "a reference", value);
    const auto to = json::view(value);
    if (!to.starts_with('#') || json::at(root_, to.substr(1)) == nullptr) self_.fail(place + " leads to a place in this schema (#/definitions/...)", "\"" + printable(to) + "\"");
  }

  void dialect(const Value& value, const std::string& place) const {
    need(value.IsString() && json::view(value).find("draft-04") != std::string_view::npos, place, "http://json-schema.org/draft-04/schema#", value);
  }

  const Case& self_;
  const Value& root_;
};

}  // namespace

void schema_is_one(Case& self) {
  each_provider(self, [&](const belay_descriptor& about, const belay_provider_api&) {
    self.require(plugins::readable(about.config_schema, 1u << 20), "a config_schema of at most 1 MiB", "length " + std::to_string(about.config_schema.len));
    const auto text = plugins::view(about.config_schema);
    if (text.empty()) return;
    const auto parsed = json::parse(text);
    if (!parsed) self.fail("a config_schema that is JSON", parsed.error().message);
    self.require(parsed->IsObject(), "a config_schema that is an object", printable(json::text(*parsed)));
    Schema(self, *parsed).check();
    const auto type = json::string_at(*parsed, "type");
    self.require(!type || *type == "object", "a schema of an object: options are one", "its type is \"" + printable(type.value_or("")) + "\"");
  });
}

}  // namespace belay::conform
