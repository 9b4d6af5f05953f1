#include "waivers.hpp"

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "select.hpp"

namespace belay::conform {
namespace {

Result<void> only_members(const json::Value& object, std::initializer_list<std::string_view> known, const std::string& place) {
  for (const auto& member : object.GetObject()) {
    const auto name = json::view(member.name);
    bool good = false;
    for (const auto one : known) good |= one == name;
    if (!good) return fail(place + ": unknown member \"" + printable(name) + "\"");
  }
  return {};
}

Result<void> read_one(const json::Value& entry, const std::string& place, std::span<const Check* const> all, Waivers& to) {
  if (!entry.IsObject()) return fail(place + ": is no object (right would be {\"check\": \"STRM-11\", \"reason\": \"why\"})");
  if (auto good = only_members(entry, {"check", "reason"}, place); !good) return good;
  const auto id = json::string_at(entry, "check");
  if (!id) return fail(place + ".check: missing (right would be an id of belay-conform --list)");
  const auto check = find_check(all, *id);
  if (!check) return check.error().within(place + ".check");
  const auto reason = json::string_at(entry, "reason");
  if (!reason || reason->find_first_not_of(" \t\n") == std::string_view::npos)
    return fail(place + ".reason: missing (right would be why " + std::string((*check)->id) + " need not hold here)");
  if (!to.emplace((*check)->id, printable(*reason)).second) return fail(place + ".check: " + std::string((*check)->id) + " is waived twice");
  return {};
}

}  // namespace

Result<Waivers> read_waivers(std::string_view text, const std::string& file, std::span<const Check* const> all) {
  const auto parsed = json::parse(text, {.bytes = 1u << 20, .depth = 8});
  if (!parsed) return parsed.error().within(file);
  if (!parsed->IsObject()) return fail(file + ": is no JSON object");
  if (auto good = only_members(*parsed, {"version", "waivers"}, file); !good) return good.error();
  if (json::int_at(*parsed, "version") != 1) return fail(file + ": version: is not 1, the only one there is");
  const auto* list = json::find(*parsed, "waivers");
  if (list == nullptr || !list->IsArray()) return fail(file + ": waivers: is no list");
  Waivers out;
  for (rapidjson::SizeType i = 0; i < list->Size(); ++i) {
    if (auto read = read_one((*list)[i], file + ": waivers[" + std::to_string(i) + "]", all, out); !read) return read.error();
  }
  return out;
}

}  // namespace belay::conform
