// FUZZ-06: configurations and notes that nobody meant.
#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "checks/fuzz.hpp"
#include "drive/bare.hpp"
#include "drive/material.hpp"
#include "drive/noise.hpp"
#include "drive/play.hpp"
#include "drive/test_host.hpp"
#include "run/child.hpp"
#include "run/sanitized.hpp"
#include "schema.hpp"

namespace belay::conform {
namespace {

/// Values for a JSON Schema (draft-04), at its limits and within, now and then beyond.
class SchemaNoise {
 public:
  explicit SchemaNoise(Noise& noise) : noise_(noise) {}

  std::string value(const json::Value& schema, int depth) {
    if (depth == 0 || noise_.one_in(8)) return noise_.json(2);
    if (const json::Value* choices = json::find(schema, "enum"); choices != nullptr && choices->IsArray() && !choices->Empty())
      return json::text((*choices)[static_cast<rapidjson::SizeType>(noise_.below(choices->Size()))]);
    const std::string_view type = json::string_at(schema, "type").value_or("");
    if (type == "object") return object(schema, depth);
    if (type == "array") return array(schema, depth);
    if (type == "boolean") return noise_.one_in(2) ? "true" : "false";
    if (type == "integer" || type == "number") return number(schema);
    if (type == "string") return text(json::string_at(schema, "default").value_or(""));
    return noise_.json(2);
  }

 private:
  std::string object(const json::Value& schema, int depth) {
    std::string out = "{";
    const json::Value* properties = json::find(schema, "properties");
    if (properties != nullptr && properties->IsObject()) {
      for (const auto& property : properties->GetObject()) {
        if (noise_.one_in(2)) continue;
        out += (out.size() > 1 ? "," : "") + json::quoted(json::view(property.name)) + ":" + value(property.value, depth - 1);
      }
    }
    if (noise_.one_in(6)) out += std::string(out.size() > 1 ? "," : "") + "\"not_of_the_schema\":" + noise_.json(2);
    return out + "}";
  }
  std::string array(const json::Value& schema, int depth) {
    const json::Value* items = json::find(schema, "items");
    std::string out = "[";
    for (std::size_t i = noise_.below(4); i > 0; --i) out += (items != nullptr ? value(*items, depth - 1) : noise_.json(1)) + (i > 1 ? "," : "");
    return out + "]";
  }
  std::string number(const json::Value& schema) {
    const std::int64_t low = json::int_at(schema, "minimum").value_or(0), high = json::int_at(schema, "maximum").value_or(1000);
    const std::array<std::string, 8> some = {std::to_string(low), std::to_string(high), std::to_string(low - 1), std::to_string(high + 1), "0", "-1",
                                             "9223372036854775807", "1e300"};
    return some[noise_.below(some.size())];
  }
  /// A pattern is met best by what begins like the default.
  std::string text(std::string_view usual) {
    const std::array<std::string, 6> some = {"", "x", "https://api.example/v1", std::string(noise_.below(3000), 'a'), "a\nb\t\x01", "\xF0\x9F\x98\x80"};
    return json::quoted(std::string(noise_.one_in(4) ? "" : usual) + some[noise_.below(some.size())]);
  }
  Noise& noise_;
};

/// Options that a host would let through: those that its own check against the schema passes. A plugin may count on that.
std::string any_options(Noise& noise, std::string_view schema_text, const json::Document* schema) {
  for (int i = 0; schema != nullptr && i < 5; ++i) {
    std::string options = SchemaNoise(noise).value(*schema, 5);
    if (plugins::check_options(schema_text, options, "conformance")) return options;
  }
  return "{}";
}

std::string any_address(Noise& noise, const std::string& good) {
  const std::array<std::string, 10> some = {"", "http://", "://", "https://[::1", "https://user:pass@host:99999/", good + "/", good + "?a=b#c", "https://\xC3\xA9.example/v1",
                                            std::string(noise.below(5000), 'a'), noise.bytes(noise.below(30))};
  return noise.one_in(2) ? good : some[noise.below(some.size())];
}

/// create() with it; an instance that comes of it has to work.
void try_configuration(const Case& c, const Subject& plugin, const Material& good, const LentChanges& changes, const std::string& where) {
  const Lent lent(good.tape, changes);
  belay_instance* instance = nullptr;
  ErrorRoom error;
  belay_status status = BELAY_OK;
  {
    const TestHost::Inside inside(Where::control, "create");
    status = plugin.api->create(lent.config(), &instance, &error.error);
  }
  if (status < 0) {
    c.require(!error.text().empty(), "a refusal says why", where + ": status " + std::to_string(status) + " without a text");
    c.require(valid_utf8(error.text()), "a refusal's text is UTF-8", where + ": \"" + printable(error.text()) + "\"");
    return;
  }
  c.require(instance != nullptr, "create() that answers OK sets *out", where);
  EventTape tape(good.tape, EventTape::Keep::numbers);
  const belay_status played = play_bare(plugin, instance, lent, good.reply(), tape);
  {
    const TestHost::Inside inside(Where::control, "destroy");
    plugin.api->destroy(instance);
  }
  c.require(played <= BELAY_STOP, "statuses are of the ABI", where + ": " + std::to_string(played));
}

/// Every note that the plugin left, spoiled; then all again.
void with_spoiled_notes(Case& c, Subject& plugin, const Materials& all, Noise& noise) {
  TestHost& host = the_host();
  c.doing("once through everything, to see what it notes");
  exercise(c, plugin, all);
  const auto noted = host.state;
  c.measured("notes in belay.state/1", std::to_string(noted.size()));
  if (noted.empty()) return;
  for (int i = 0; i < 40; ++i) {
    for (const auto& [key, value] : noted) {
      const std::size_t kind = noise.below(5);
      host.state[key] = kind == 0   ? noise.bytes(noise.below(100))
                        : kind == 1 ? noise.json(4)
                        : kind == 2 ? noise.mutated(value, value)
                        : kind == 3 ? std::string(std::size_t{16} << 10, '9')
                                    : std::string(3, '\0');
    }
    c.doing("spoiled notes, round " + std::to_string(i) + " of seed " + std::to_string(c.setup.seed));
    exercise(c, plugin, all);
  }
}

}  // namespace

/// Catches: options, addresses and notes that are believed.
void hostile_configurations(Case& c) {
  const int configurations = sanitized() ? 300 : 1500;
  Subject& plugin = c.plugin();
  const Materials all = material(c, plugin);
  Noise noise(c.random());
  const auto parsed = json::parse(told(plugin.descriptor->config_schema));
  const json::Document* schema = parsed ? &*parsed : nullptr;
  for (int i = 0; i < configurations; ++i) {
    const std::string where = "configuration " + std::to_string(i) + " of seed " + std::to_string(c.setup.seed);
    c.doing(where);
    const Material& good = *all[noise.below(all.size())];
    LentChanges changes;
    changes.options = any_options(noise, told(plugin.descriptor->config_schema), schema);
    changes.base_url = any_address(noise, good.tape.base_url);
    if (noise.one_in(3)) changes.model = noise.one_in(2) ? noise.bytes(noise.below(30)) : std::string(noise.below(2000), 'm');
    try_configuration(c, plugin, good, changes, where);
  }
  with_spoiled_notes(c, plugin, all, noise);
}

}  // namespace belay::conform
