#include "note.hpp"

#include <array>
#include <cstring>

#include "base/json.hpp"
#include "base/origin.hpp"
#include "base/utf8.hpp"
#include "belay/entry.h"
#include "words.hpp"

namespace belay::plugins {
namespace {

constexpr std::size_t head_bytes = 4 * sizeof(std::uint32_t);
constexpr std::size_t hash_bytes = 64;
constexpr json::Limits note_limits{.bytes = 32u << 10, .depth = 8};
constexpr std::size_t most_types = 64, most_origins = 64;

Error bad(const std::string& what) { return fail("has a BELAY note " + what); }

Result<std::string> text_of(const json::Value& note, const char* name) {
  const auto text = json::string_at(note, name);
  if (!text) return bad(std::string("without the text \"") + name + "\"");
  if (!one_line(*text, 200))
    return bad(std::string("whose \"") + name + "\" is longer than 200 bytes or holds control characters");
  return std::string(*text);
}

Result<std::vector<std::string>> texts_of(const json::Value& list, const char* name, std::size_t most) {
  std::vector<std::string> out;
  if (!list.IsArray() || list.Size() > most)
    return bad(std::string("whose \"") + name + "\" is no list of at most " + std::to_string(most) + " texts");
  for (const auto& item : list.GetArray()) {
    if (!item.IsString()) return bad(std::string("whose \"") + name + "\" holds something that is no text");
    out.emplace_back(json::view(item));
  }
  return out;
}

Result<void> read_types(const json::Value& note, NoteFacts& out) {
  const auto* list = json::find(note, "types");
  auto types = list == nullptr ? bad("without the list \"types\"") : texts_of(*list, "types", most_types);
  if (!types) return types.error();
  if (types->empty()) return bad("without a provider type in \"types\"");
  for (const auto& type : *types) {
    if (!provider_type(type))
      return bad("with the provider type \"" + printable(type) +
                 "\" (right would be lower case letters, digits and dashes)");
  }
  out.types = std::move(*types);
  return {};
}

Result<void> read_origins(const json::Value& note, NoteFacts& out) {
  const auto* list = json::find(note, "origins");
  if (list == nullptr) return {};
  auto origins = texts_of(*list, "origins", most_origins);
  if (!origins) return origins.error();
  for (const auto& origin : *origins) {
    if (!origin_pattern(origin))
      return bad("with the origin \"" + printable(origin) +
                 "\" (right would be \"https://api.example.org\" or \"https://*.example.org\")");
  }
  out.origins = std::move(*origins);
  return {};
}

Result<void> read_text(std::string_view text, NoteFacts& out) {
  const auto parsed = json::parse(text, note_limits);
  if (!parsed) return bad("whose text is no JSON: " + parsed.error().message);
  if (!parsed->IsObject()) return bad("whose text is no JSON object");
  for (const auto& [name, to] :
       {std::pair{"id", &out.id}, {"name", &out.name}, {"version", &out.version}, {"vendor", &out.vendor}}) {
    auto value = text_of(*parsed, name);
    if (!value) return value.error();
    *to = std::move(*value);
  }
  if (!reverse_dns(out.id))
    return bad("whose id \"" + printable(out.id) + "\" is not reverse DNS (right would be \"org.example.acme\")");
  if (!semantic_version(out.version))
    return bad("whose version \"" + printable(out.version) + "\" is not a semantic version (right would be \"1.2.0\")");
  if (auto read = read_types(*parsed, out); !read) return read;
  return read_origins(*parsed, out);
}

std::string number(std::uint32_t major, std::uint32_t minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

const std::string& ours() {
  static const std::string text = "this host speaks " + number(BELAY_ABI_MAJOR, BELAY_ABI_MINOR);
  return text;
}

std::string build(bool draft, std::string_view hash) {
  return draft ? "draft " + std::string(hash.substr(0, 12)) : std::string("the released headers");
}

}  // namespace

Result<NoteFacts> parse_note(std::string_view description) {
  if (description.size() < head_bytes + hash_bytes) {
    return bad("of " + std::to_string(description.size()) + " bytes, at least " +
               std::to_string(head_bytes + hash_bytes) + " are needed");
  }
  std::array<std::uint32_t, 4> head{};
  std::memcpy(head.data(), description.data(), head_bytes);
  NoteFacts out;
  out.abi_major = head[0];
  out.abi_minor = head[1];
  out.min_host_minor = head[2];
  out.draft = (head[3] & BELAY_PLUGIN_DRAFT) != 0;
  out.hash = printable(description.substr(head_bytes, hash_bytes));
  // Another major may say more, or other things, from here on: its number is all that matters.
  if (out.abi_major != BELAY_ABI_MAJOR) return out;
  if (auto read = read_text(description.substr(head_bytes + hash_bytes), out); !read) return read.error();
  return out;
}

std::optional<std::string> abi_refusal(const NoteFacts& note) {
  if (note.abi_major != BELAY_ABI_MAJOR)
    return "speaks belay ABI " + number(note.abi_major, note.abi_minor) + ", " + ours();
  if (note.min_host_minor > BELAY_ABI_MINOR) {
    return "needs a host of belay ABI " + number(note.abi_major, note.min_host_minor) + " or later, " + ours();
  }
  const bool host_draft = BELAY_ABI_DRAFT != 0;
  if ((note.draft || host_draft) && (note.draft != host_draft || note.hash != BELAY_ABI_HASH)) {
    return "is built against " + build(note.draft, note.hash) + " of belay ABI " +
           number(note.abi_major, note.abi_minor) + ", this host against " + build(host_draft, BELAY_ABI_HASH) +
           " (build it again with this host's SDK)";
  }
  return std::nullopt;
}

}  // namespace belay::plugins
