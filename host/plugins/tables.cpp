#include "tables.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "note.hpp"
#include "sized.hpp"
#include "words.hpp"

namespace belay::plugins {
namespace {

constexpr std::uint32_t most_providers = 64;

std::string sizes(const char* what, std::uint64_t has, std::uint64_t needed) {
  return "has a " + std::string(what) + " of " + std::to_string(has) + " bytes, ABI 1.0 has " + std::to_string(needed);
}

std::optional<std::string> differs(const char* what, std::string_view table, std::string_view note) {
  if (table == note) return std::nullopt;
  return "has the " + std::string(what) + " \"" + printable(note) + "\" in its note and \"" + printable(table) +
         "\" in its table";
}

struct Slot {
  const char* name;
  bool set;
  bool http;  ///< one of those that a plugin with its own transport lacks
};

std::array<Slot, 10> slots_of(const belay_provider_api& api) {
  return {{{"create", api.create != nullptr, false},
           {"destroy", api.destroy != nullptr, false},
           {"begin", api.begin != nullptr, false},
           {"build_request", api.build_request != nullptr, true},
           {"on_response_head", api.on_response_head != nullptr, true},
           {"on_body_chunk", api.on_body_chunk != nullptr, true},
           {"finish", api.finish != nullptr, true},
           {"end", api.end != nullptr, false},
           {"classify_error", api.classify_error != nullptr, false},
           {"refresh_credentials", api.refresh_credentials != nullptr, false}}};
}

std::optional<std::string> slot_refusal(const Provider& provider) {
  const bool own = provider.descriptor.own_transport();
  for (const auto& slot : slots_of(*provider.api)) {
    const std::string place = "has provider \"" + provider.descriptor.type + "\" ";
    if (slot.http && own && slot.set)
      return place + "with its own transport and an HTTP slot " + slot.name + " (it must be NULL)";
    if (!slot.set && !(slot.http && own)) return place + "without the slot " + slot.name;
  }
  return std::nullopt;
}

/// A table of the plugin by its id: NULL, or at least as long as 1.0's with its function set.
template <class Table>
Result<const Table*> ability(const Provider& provider, std::string_view id, bool (*complete)(const Table&)) {
  if (provider.api->get_extension == nullptr) return nullptr;
  const auto* table = static_cast<const Table*>(provider.api->get_extension(str(id)));
  if (table == nullptr) return nullptr;
  if (table->size < sizeof(Table)) return fail(sizes(std::string(id).c_str(), table->size, sizeof(Table)));
  if (!complete(*table)) return fail("has a table " + std::string(id) + " whose function is NULL");
  return table;
}

}  // namespace

std::optional<std::string> plugin_refusal(const belay_plugin* plugin, const NoteFacts& note) {
  if (plugin == nullptr) return "has an entry function that answered OK and gave no table";
  if (plugin->size < sizeof(belay_plugin)) return sizes("belay_plugin", plugin->size, sizeof(belay_plugin));
  if (!readable(plugin->id, 1024) || !readable(plugin->version, 1024) || !readable(plugin->hash, 1024))
    return "has a table whose texts can't be read";
  if (auto why = differs("id", view(plugin->id), note.id)) return why;
  if (auto why = differs("version", view(plugin->version), note.version)) return why;
  NoteFacts table = note;
  table.abi_major = plugin->abi_major;
  table.abi_minor = plugin->abi_minor;
  table.min_host_minor = plugin->min_host_minor;
  table.draft = (plugin->flags & BELAY_PLUGIN_DRAFT) != 0;
  table.hash = printable(view(plugin->hash));
  if (auto why = abi_refusal(table)) return why;
  const auto number = [](const NoteFacts& of) {
    return std::to_string(of.abi_major) + "." + std::to_string(of.abi_minor) + " (host minor " +
           std::to_string(of.min_host_minor) + " or later)";
  };
  if (auto why = differs("ABI", number(table), number(note))) return why;
  if (plugin->provider_count == 0 || plugin->provider_count > most_providers) {
    return "has " + std::to_string(plugin->provider_count) + " providers, between 1 and " +
           std::to_string(most_providers) + " are possible";
  }
  if (plugin->descriptor == nullptr || plugin->api == nullptr)
    return std::string("has a table without the function ") + (plugin->descriptor == nullptr ? "descriptor" : "api");
  return std::nullopt;
}

Result<Provider> provider_of(const belay_plugin& plugin, std::uint32_t index) {
  Provider out;
  auto descriptor = describe(plugin.descriptor(index));
  if (!descriptor) return descriptor.error();
  out.descriptor = std::move(*descriptor);
  const std::string place = "provider \"" + out.descriptor.type + "\"";
  out.api = plugin.api(index);
  if (out.api == nullptr) return fail("has no api table for " + place);
  if (out.api->size < sizeof(belay_provider_api))
    return fail(sizes("belay_provider_api", out.api->size, sizeof(belay_provider_api)));
  if (auto why = slot_refusal(out)) return fail(*why);

  auto transport = ability<belay_transport>(out, BELAY_TRANSPORT_ID,
                                            [](const belay_transport& table) { return table.run != nullptr; });
  if (!transport) return transport.error();
  if (out.descriptor.own_transport() != (*transport != nullptr)) {
    return fail("has " + place +
                (*transport == nullptr ? " with BELAY_CAP_OWN_TRANSPORT and without " BELAY_TRANSPORT_ID
                                       : " with " BELAY_TRANSPORT_ID " and without BELAY_CAP_OWN_TRANSPORT"));
  }
  out.transport = *transport;
  auto login =
      ability<belay_login>(out, BELAY_LOGIN_ID, [](const belay_login& table) { return table.login != nullptr; });
  if (!login) return login.error();
  out.login = *login;
  return out;
}

}  // namespace belay::plugins
