// META-06 to 09: what is there, what is not, and that it stays.
#include <array>
#include <cstring>
#include <map>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "belay/ext/login.h"
#include "belay/ext/transport.h"
#include "checks/metadata.hpp"
#include "drive/call.hpp"
#include "drive/guard_page.hpp"
#include "drive/lent.hpp"
#include "drive/material.hpp"
#include "schema.hpp"
#include "words.hpp"

namespace belay::conform {
namespace {

const void* ask(const belay_provider_api& api, belay_str id) {
  if (!BELAY_HAS(&api, belay_provider_api, get_extension) || api.get_extension == nullptr) return nullptr;
  const TestHost::Inside inside(Where::any, "get_extension");
  return api.get_extension(id);
}

bool operates(const belay_descriptor& about, std::string_view operation) {
  for (std::uint32_t i = 0; i < about.operation_count; ++i) {
    if (plugins::view(about.operations[i]) == operation) return true;
  }
  return false;
}

void check_slots(const Case& self, const belay_descriptor& about, const belay_provider_api& api) {
  self.require(BELAY_HAS(&api, belay_provider_api, refresh_credentials), "an api table of at least 1.0's size", "its size says " + std::to_string(api.size));
  const bool own = (about.caps & BELAY_CAP_OWN_TRANSPORT) != 0;
  const std::pair<const char*, bool> always[] = {{"create", api.create != nullptr},
                                                 {"destroy", api.destroy != nullptr},
                                                 {"begin", api.begin != nullptr},
                                                 {"end", api.end != nullptr},
                                                 {"classify_error", api.classify_error != nullptr},
                                                 {"refresh_credentials", api.refresh_credentials != nullptr}};
  for (const auto& [name, there] : always) self.require(there, std::string("a ") + name + " slot", "it is NULL");
  const std::pair<const char*, bool> http[] = {{"build_request", api.build_request != nullptr},
                                               {"on_response_head", api.on_response_head != nullptr},
                                               {"on_body_chunk", api.on_body_chunk != nullptr},
                                               {"finish", api.finish != nullptr}};
  for (const auto& [name, there] : http) {
    self.require(there != own, std::string(own ? "no " : "a ") + name + " slot " + (own ? "with BELAY_CAP_OWN_TRANSPORT" : "without BELAY_CAP_OWN_TRANSPORT"),
                 there ? "there is one" : "it is NULL");
  }
  const auto* transport = static_cast<const belay_transport*>(ask(api, lend(BELAY_TRANSPORT_ID)));
  self.require((transport != nullptr) == own, own ? "belay.transport/1, as BELAY_CAP_OWN_TRANSPORT says" : "no belay.transport/1 without BELAY_CAP_OWN_TRANSPORT",
               transport == nullptr ? "there is none" : "there is one");
  if (transport != nullptr)
    self.require(BELAY_HAS(transport, belay_transport, run) && transport->run != nullptr, "a belay.transport/1 with a run", "it has none");
}

void check_abilities(const Case& self, const belay_descriptor& about) {
  const auto has = [&about](std::uint32_t cap) { return (about.caps & cap) != 0; };
  const auto agrees = [&](const char* operation, std::uint32_t cap, const char* cap_name) {
    self.require(operates(about, operation) == has(cap), std::string("operation \"") + operation + "\" exactly with " + cap_name,
                 has(cap) ? "the capability alone" : "the operation alone");
  };
  agrees("embeddings", BELAY_CAP_EMBEDDINGS, "BELAY_CAP_EMBEDDINGS");
  agrees("models", BELAY_CAP_MODELS, "BELAY_CAP_MODELS");
  const bool for_chat = has(BELAY_CAP_STREAM) || has(BELAY_CAP_TOOLS) || has(BELAY_CAP_VISION) || has(BELAY_CAP_JSON_SCHEMA) || has(BELAY_CAP_REASONING);
  self.require(!for_chat || operates(about, "chat"), "abilities of chat only with the operation \"chat\"", "there is no such operation");
  self.require(has(BELAY_CAP_KEYLESS) || about.credential_type_count > 0, "credential types, or BELAY_CAP_KEYLESS", "neither");
}

/// Addresses and bytes of everything that is `static`.
class Snapshot {
 public:
  explicit Snapshot(const belay_plugin& module) {
    add("the module's table", module);
    text("the module's id", module.id);
    text("the module's version", module.version);
    text("the module's hash", module.hash);
    for (std::uint32_t i = 0; i < module.provider_count; ++i) {
      const std::string who = " of provider " + std::to_string(i);
      const belay_descriptor* about = module.descriptor(i);
      const belay_provider_api* api = module.api(i);
      add("the descriptor" + who, *about);
      add("the api" + who, *api);
      for (const belay_str value : {about->type, about->name, about->vendor, about->version, about->license, about->homepage, about->config_schema, about->default_base_url})
        text("a text of the descriptor" + who, value);
      texts("operations" + who, about->operations, about->operation_count);
      texts("wires" + who, about->wires, about->wire_count);
      texts("credential types" + who, about->credential_types, about->credential_type_count);
      bytes("the models" + who, about->models, std::size_t{about->model_stride} * about->model_count);
      for (const char* id : {BELAY_TRANSPORT_ID, BELAY_LOGIN_ID}) {
        const void* ability = ask(*api, lend(id));
        parts_.push_back({std::string(id) + who, ability, {}});
      }
    }
  }

  /// What is not as it was in `before`; empty: nothing.
  [[nodiscard]] std::string difference(const Snapshot& before) const {
    for (std::size_t i = 0; i < std::min(parts_.size(), before.parts_.size()); ++i) {
      if (parts_[i].at != before.parts_[i].at) return parts_[i].name + " is at another address";
      if (parts_[i].bytes != before.parts_[i].bytes) return parts_[i].name + " has other bytes";
    }
    return parts_.size() == before.parts_.size() ? "" : "there are more or fewer of them";
  }

 private:
  struct Part {
    std::string name;
    const void* at;
    std::string bytes;
  };
  void bytes(std::string name, const void* at, std::size_t size) {
    parts_.push_back({std::move(name), at, at == nullptr ? std::string() : std::string(static_cast<const char*>(at), size)});
  }
  template <class T>
  void add(std::string name, const T& table) {
    bytes(std::move(name), &table, table.size);
  }
  void text(std::string name, belay_str value) { bytes(std::move(name), value.ptr, value.len); }
  void texts(const std::string& name, const belay_str* at, std::uint32_t count) {
    bytes(name, at, count * sizeof(belay_str));
    for (std::uint32_t i = 0; i < count; ++i) text(name, at[i]);
  }
  std::vector<Part> parts_;
};

/// {"a": 1} of {"properties": {"a": {"default": 1}}}
std::string defaults_of(std::string_view schema) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  const auto parsed = json::parse(schema);
  const auto* properties = parsed ? json::find(*parsed, "properties") : nullptr;
  if (properties != nullptr && properties->IsObject()) {
    for (const auto& member : properties->GetObject()) {
      const auto* value = json::find(member.value, "default");
      if (value == nullptr) continue;
      json::key(to, json::view(member.name));
      value->Accept(to);
    }
  }
  to.EndObject();
  return std::string(json::view(buffer));
}

}  // namespace

void caps_match_slots(Case& self) {
  each_provider(self, [&](const belay_descriptor& about, const belay_provider_api& api) {
    check_slots(self, about, api);
    check_abilities(self, about);
  });
}

void unknown_abilities(Case& self) {
  const std::string strange[] = {"",
                                 "belay",
                                 "belay.transport/",
                                 "belay.transport",
                                 "belay.transport/2",
                                 "belay.transport/10",
                                 "belay.transport/1x",
                                 std::string("belay.transport/1\0", 18),
                                 "BELAY.TRANSPORT/1",
                                 "xbelay.transport/1",
                                 "belay.login/2",
                                 "belay.login/1 ",
                                 std::string("belay.login/1\0", 14),
                                 "belay.login/",
                                 "belay.json/1",
                                 "org.example.nobody.has.this/1",
                                 std::string(64u << 10, 'a')};
  bool asked = false;
  each_provider(self, [&](const belay_descriptor&, const belay_provider_api& api) {
    if (!BELAY_HAS(&api, belay_provider_api, get_extension) || api.get_extension == nullptr) return;
    asked = true;
    for (const auto& id : strange) {
      const std::string shown = printable(id.substr(0, 40));
      self.doing("get_extension(\"" + shown + "\")");
      const GuardedBytes text(id);
      self.require(ask(api, {reinterpret_cast<const char*>(text.data()), text.size()}) == nullptr, "NULL for the unknown ability \"" + shown + "\"", "a table");
    }
    for (const std::string id : {BELAY_TRANSPORT_ID, BELAY_LOGIN_ID}) {
      const GuardedBytes text(id);
      const belay_str exact{reinterpret_cast<const char*>(text.data()), text.size()};
      self.doing("get_extension(\"" + id + "\") twice");
      self.require(ask(api, exact) == ask(api, lend(id)), "the same answer to the same question", "another table the second time");
    }
  });
  if (!asked) self.not_applicable("the plugin has no get_extension()");
}

void tables_stay(Case& self) {
  Subject& subject = self.plugin();
  const belay_plugin& module = *subject.module;
  each_provider(self, [](const belay_descriptor&, const belay_provider_api&) {});
  for (const std::uint32_t beyond : {module.provider_count, UINT32_MAX}) {
    self.doing("asking for provider " + std::to_string(beyond));
    self.require(module.descriptor(beyond) == nullptr && module.api(beyond) == nullptr, "NULL for a provider beyond the last", "a table");
  }
  const Snapshot before(module);
  self.doing("using the plugin");
  exercise(self, subject, material(self, subject));
  self.doing("comparing the tables");
  const std::string changed = Snapshot(module).difference(before);
  self.require(changed.empty(), "tables, descriptors and their texts stay as they are", changed);
}

void defaults_are_accepted(Case& self) {
  Subject& subject = self.plugin();
  const std::string schema(plugins::view(subject.descriptor->config_schema));
  const std::string options = defaults_of(schema);
  if (const auto good = plugins::check_options(schema, options, "default"); !good) {
    self.not_applicable("the schema requires options without a default: " + good.error().message);
  }
  const Cassette* recorded = subject.cassettes.empty() ? nullptr : &subject.cassettes.front();
  const Cassette tape = recorded != nullptr ? *recorded : invented(subject, false);
  const Lent lent(tape, {.options = options});
  belay_instance* instance = nullptr;
  self.doing("create() with " + options);
  const Called called = call_plugin("create", Where::control, 512, [&](belay_error* error) { return subject.api->create(lent.config(), &instance, error); });
  self.require(called.threw.empty() && called.status == BELAY_OK && instance != nullptr, "create() takes the options' defaults, " + options,
               called.threw + "status " + std::to_string(called.status) + " \"" + called.error + "\"");
  const TestHost::Inside inside(Where::control, "destroy");
  subject.api->destroy(instance);
}

}  // namespace belay::conform
