// belay.json/1's reader over RapidJSON.
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <list>
#include <string>

#include "belay/ext/json.h"
#include "driver.hpp"

struct belay_json_doc {
  rapidjson::Document document;
  mutable std::list<std::string> numbers;  // texts that were handed out
};

namespace belay::driver {

namespace {

using Value = rapidjson::Value;

void show(const belay_json_doc* doc, const Value* value, belay_json_value* out) {
  out->type = BELAY_JSON_ABSENT;
  out->node = value;
  out->string = {nullptr, 0};
  out->integer = 0;
  out->number = 0;
  if (value == nullptr) return;
  if (value->IsNull()) out->type = BELAY_JSON_NULL;
  if (value->IsBool()) {
    out->type = BELAY_JSON_BOOL;
    out->integer = value->GetBool() ? 1 : 0;
  }
  if (value->IsNumber()) {
    out->type = BELAY_JSON_NUMBER;
    out->integer = value->IsInt64() ? value->GetInt64() : 0;
    out->number = value->GetDouble();
    rapidjson::StringBuffer text;
    rapidjson::Writer<rapidjson::StringBuffer> writer(text);
    value->Accept(writer);
    const std::string& kept = doc->numbers.emplace_back(text.GetString(), text.GetSize());
    out->string = {kept.data(), kept.size()};
  }
  if (value->IsString()) {
    out->type = BELAY_JSON_STRING;
    out->string = {value->GetString(), value->GetStringLength()};
  }
  if (value->IsArray()) {
    out->type = BELAY_JSON_ARRAY;
    out->integer = value->Size();
  }
  if (value->IsObject()) {
    out->type = BELAY_JSON_OBJECT;
    out->integer = value->MemberCount();
  }
}

belay_json_doc* parse(belay_str text, belay_error*) {
  auto* doc = new belay_json_doc;
  doc->document.Parse(text.ptr, text.len);
  if (!doc->document.HasParseError()) return doc;
  delete doc;
  return nullptr;
}

void release(belay_json_doc* doc) { delete doc; }

void get(const belay_json_doc* doc, const belay_json_value* from, belay_str pointer, belay_json_value* out) {
  const Value* root = from == nullptr ? &doc->document : static_cast<const Value*>(from->node);
  show(doc, rapidjson::Pointer(pointer.ptr, pointer.len).Get(*root), out);
}

void element(const belay_json_doc* doc, const belay_json_value* from, std::uint64_t index, belay_str* name,
             belay_json_value* out) {
  const Value* of = from == nullptr ? &doc->document : static_cast<const Value*>(from->node);
  const auto at = static_cast<rapidjson::SizeType>(index);
  if (of->IsArray() && at < of->Size()) return show(doc, &(*of)[at], out);
  if (!of->IsObject() || at >= of->MemberCount()) return show(doc, nullptr, out);
  const auto& member = *(of->MemberBegin() + at);
  if (name != nullptr) *name = {member.name.GetString(), member.name.GetStringLength()};
  show(doc, &member.value, out);
}

}  // namespace

const void* json_service() {
  static const belay_json table = [] {
    belay_json out{};
    out.size = sizeof out;
    out.parse = parse;
    out.release = release;
    out.get = get;
    out.element = element;
    return out;
  }();
  return &table;
}

}  // namespace belay::driver
