// belay.json/1.
#include "belay/ext/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "answer.hpp"
#include "host_table.hpp"
#include "json_tree.hpp"
#include "json_writer.hpp"
#include "words.hpp"

struct belay_json_doc {
  std::unique_ptr<belay::plugins::JsonTree> tree;
};
struct belay_json_writer {
  belay::plugins::JsonText text;
};

namespace belay::plugins {
namespace {

/// Its value when a number is a whole one that fits, however it is written: 3, 3.0, 3e0.
std::int64_t whole_number(std::string_view text, double number) {
  std::int64_t exact = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exact);
  if (error == std::errc{} && end == text.data() + text.size()) return exact;
  constexpr double exact_up_to = 9007199254740992.0;  // 2^53
  return std::abs(number) <= exact_up_to && number == std::trunc(number) ? static_cast<std::int64_t>(number) : 0;
}

belay_json_value value_of(const JsonNode* node) {
  belay_json_value value{};
  if (node == nullptr) return value;
  value.type = node->type;
  value.node = node;
  value.string = str(node->text);
  if (node->type == BELAY_JSON_BOOL) value.integer = node->truth ? 1 : 0;
  if (node->type == BELAY_JSON_ARRAY || node->type == BELAY_JSON_OBJECT)
    value.integer = static_cast<std::int64_t>(node->children.size());
  if (node->type == BELAY_JSON_NUMBER) {
    std::from_chars(node->text.data(), node->text.data() + node->text.size(), value.number);
    value.integer = whole_number(node->text, value.number);
  }
  return value;
}

/// P4: no byte beyond what the caller said.
void show(const JsonNode* node, belay_json_value* out) {
  if (out == nullptr || out->size < offsetof(belay_json_value, node)) return;
  belay_json_value value = value_of(node);
  value.size = out->size;
  std::memcpy(static_cast<void*>(out), &value, std::min<std::size_t>(out->size, sizeof value));
}

const JsonNode* start(const belay_json_doc* doc, const belay_json_value* from) {
  if (doc == nullptr) return nullptr;
  if (from == nullptr) return &doc->tree->root();
  return BELAY_HAS(from, belay_json_value, node) && from->type != BELAY_JSON_ABSENT
             ? static_cast<const JsonNode*>(from->node)
             : nullptr;
}

belay_json_doc* parse(belay_str text, belay_error* error) {
  auto tree =
      readable(text) ? JsonTree::parse(view(text)) : fail("the text has a length and no memory, or more than 64 MiB");
  if (tree) return new belay_json_doc{std::move(*tree)};
  put(error, tree.error().message);
  return nullptr;
}

void release(belay_json_doc* doc) { delete doc; }

void get(const belay_json_doc* doc, const belay_json_value* from, belay_str pointer, belay_json_value* out) {
  const auto* node = start(doc, from);
  show(node == nullptr || !readable(pointer) ? nullptr : JsonTree::at(*node, view(pointer)), out);
}

void element(const belay_json_doc* doc, const belay_json_value* from, std::uint64_t index, belay_str* name,
             belay_json_value* out) {
  const auto* node = start(doc, from);
  const auto* found = node != nullptr && index < node->children.size() ? &node->children[index] : nullptr;
  if (name != nullptr) *name = str(found != nullptr ? found->name : std::string_view());
  show(found, out);
}

/// A text that can't be read is broken like a value in the wrong place.
std::string_view checked(belay_json_writer* to, belay_str text) {
  if (readable(text)) return view(text);
  to->text.spoil();
  return {};
}

belay_status text(belay_json_writer* to, belay_str* out) {
  if (!to->text.whole()) return BELAY_ERR_CONTRACT;
  *out = str(to->text.text());
  return BELAY_OK;
}

}  // namespace

const void* json_service() {
  static constexpr belay_json table{
      .size = sizeof table,
      .flags = 0,
      .parse = parse,
      .release = release,
      .get = get,
      .element = element,
      .writer = [] { return new belay_json_writer; },
      .begin = [](belay_json_writer* to, std::uint32_t type) { to->text.begin(type); },
      .end = [](belay_json_writer* to) { to->text.end(); },
      .name = [](belay_json_writer* to, belay_str name) { to->text.name(checked(to, name)); },
      .string = [](belay_json_writer* to, belay_str value) { to->text.string(checked(to, value)); },
      .integer = [](belay_json_writer* to, std::int64_t value) { to->text.integer(value); },
      .real = [](belay_json_writer* to, double value) { to->text.real(value); },
      .boolean = [](belay_json_writer* to, std::int32_t value) { to->text.boolean(value != 0); },
      .null = [](belay_json_writer* to) { to->text.null(); },
      .raw = [](belay_json_writer* to, belay_str json) { to->text.raw(checked(to, json)); },
      .text = text,
      .release_writer = [](belay_json_writer* to) { delete to; },
  };
  return &table;
}

}  // namespace belay::plugins
