// META-01, 02, 03, 05: texts, names and models.
#include <algorithm>
#include <set>

#include "base/origin.hpp"
#include "base/utf8.hpp"
#include "checks/elf_file.hpp"
#include "checks/metadata.hpp"
#include "drive/greet.hpp"
#include "drive/lent.hpp"
#include "note.hpp"
#include "run/child.hpp"
#include "words.hpp"

namespace belay::conform {
namespace {

using plugins::readable;
using plugins::view;

constexpr std::size_t longest_text = 400, longest_word = 64;

/// One text, its place for people first.
void check_text(const Case& self, const std::string& place, belay_str text, bool mandatory) {
  self.require(readable(text, longest_text), place + " is a text of at most 400 bytes", "length " + std::to_string(text.len) + (text.ptr == nullptr ? ", no memory" : ""));
  self.require(!mandatory || text.len > 0, place + " is set", "it is empty");
  self.require(plugins::one_line(view(text), longest_text), place + " is UTF-8 without control characters", "\"" + printable(view(text)) + "\"");
}

void check_words(const Case& self, const std::string& place, const belay_str* at, std::uint32_t count, bool (*form)(std::string_view), const char* right) {
  self.require(count == 0 || at != nullptr, place + " has memory", "NULL with a count of " + std::to_string(count));
  for (std::uint32_t i = 0; i < count; ++i) {
    self.require(readable(at[i], longest_word) && form(view(at[i])), place + " like " + right,
                 readable(at[i], longest_word) ? "\"" + printable(view(at[i])) + "\"" : "length " + std::to_string(at[i].len));
  }
}

std::set<std::string> types_of(const Subject& subject) {
  std::set<std::string> out;
  for (std::uint32_t i = 0; i < subject.module->provider_count; ++i) {
    const belay_descriptor* descriptor = subject.module->descriptor(i);
    if (descriptor != nullptr && readable(descriptor->type, longest_word)) out.emplace(view(descriptor->type));
  }
  return out;
}

std::string listed(const std::set<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + printable(word);
  return out;
}

}  // namespace

void each_provider(Case& self, const std::function<void(const belay_descriptor&, const belay_provider_api&)>& visit) {
  const Subject& subject = self.plugin();
  self.require(subject.module->provider_count > 0, "at least one provider", "provider_count is 0");
  for (std::uint32_t i = 0; i < subject.module->provider_count; ++i) {
    self.doing("provider " + std::to_string(i));
    const belay_descriptor* descriptor = subject.module->descriptor(i);
    const belay_provider_api* api = subject.module->api(i);
    self.require(descriptor != nullptr && api != nullptr, "a descriptor and an api for each provider", "one of provider " + std::to_string(i) + " is NULL");
    self.require(descriptor->size >= sizeof(belay_descriptor), "a descriptor of at least 1.0's size", "its size says " + std::to_string(descriptor->size));
    visit(*descriptor, *api);
  }
}

void texts_are_whole(Case& self) {
  const belay_plugin& module = *self.plugin().module;
  check_text(self, "the module's id", module.id, true);
  check_text(self, "the module's version", module.version, true);
  self.require(plugins::semantic_version(view(module.version)), "the module's version is a semantic version like 1.2.0", "\"" + printable(view(module.version)) + "\"");
  each_provider(self, [&](const belay_descriptor& about, const belay_provider_api&) {
    check_text(self, "type", about.type, true);
    check_text(self, "name", about.name, true);
    check_text(self, "vendor", about.vendor, true);
    check_text(self, "version", about.version, true);
    check_text(self, "license", about.license, true);
    check_text(self, "homepage", about.homepage, false);
    check_text(self, "default_base_url", about.default_base_url, false);
    self.require(plugins::semantic_version(view(about.version)), "the provider's version is a semantic version like 1.2.0", "\"" + printable(view(about.version)) + "\"");
    self.require(about.default_base_url.len == 0 || origin_of(view(about.default_base_url)).ok(), "default_base_url is an http or https URL",
                 "\"" + printable(view(about.default_base_url)) + "\"");
    self.require(about.operation_count > 0, "at least one operation", "operation_count is 0");
    check_words(self, "operations", about.operations, about.operation_count, plugins::word, "\"chat\"");
    check_words(self, "wires", about.wires, about.wire_count, plugins::wire_name, "\"openai.chat/1\"");
    check_words(self, "credential types", about.credential_types, about.credential_type_count, plugins::word, "\"api_key\"");
  });
}

void note_and_tables_agree(Case& self) {
  const auto note = note_facts(self);
  const Subject& subject = self.plugin();
  const belay_plugin& module = *subject.module;
  const auto same = [&self](const char* what, const std::string& noted, const std::string& told) {
    self.require(noted == told, std::string("the table's ") + what + " is the note's, \"" + printable(noted) + "\"", "\"" + printable(told) + "\"");
  };
  const auto text = [](belay_str value) { return readable(value, longest_text) ? std::string(view(value)) : std::string("(unreadable)"); };
  same("id", note.id, text(module.id));
  same("version", note.version, text(module.version));
  same("abi_major", std::to_string(note.abi_major), std::to_string(module.abi_major));
  same("abi_minor", std::to_string(note.abi_minor), std::to_string(module.abi_minor));
  same("min_host_minor", std::to_string(note.min_host_minor), std::to_string(module.min_host_minor));
  same("draft flag", note.draft ? "set" : "not set", (module.flags & BELAY_PLUGIN_DRAFT) != 0 ? "set" : "not set");
  same("hash", note.hash, text(module.hash));
  same("provider types", listed({note.types.begin(), note.types.end()}), listed(types_of(subject)));
  if (const auto refusal = plugins::abi_refusal(note)) self.fail("an ABI that this host drives", "it " + *refusal);
}

void names_have_their_form(Case& self) {
  const Subject& subject = self.plugin();
  const belay_plugin& module = *subject.module;
  self.require(readable(module.id, longest_text) && plugins::reverse_dns(view(module.id)), "a module id in reverse DNS like org.example.acme",
               readable(module.id, longest_text) ? "\"" + printable(view(module.id)) + "\"" : "it can't be read");
  std::set<std::string> types;
  each_provider(self, [&](const belay_descriptor& about, const belay_provider_api&) {
    self.require(readable(about.type, longest_word) && plugins::provider_type(view(about.type)), "a provider type of lower case letters, digits and dashes",
                 readable(about.type, longest_text) ? "\"" + printable(view(about.type)) + "\"" : "it can't be read");
    self.require(types.emplace(view(about.type)).second, "each provider type once", "\"" + printable(view(about.type)) + "\" comes twice");
  });

  self.doing("loading a copy of the file");
  const EntryFunction entry = map_plugin(self, copy_of_file(self, "again.so"));
  const belay_hello hello = the_host().hello();
  const belay_plugin* again = nullptr;
  ErrorRoom error;
  const belay_status status = entry(&hello, &again, &error.error);
  self.require(status == BELAY_OK && again != nullptr, "a copy of the file can be loaded", "status " + std::to_string(status) + " \"" + printable(error.text()) + "\"");
  self.require(view(again->id) == view(module.id), "the same id each time it is loaded", "first \"" + printable(view(module.id)) + "\", then \"" + printable(view(again->id)) + "\"");
  self.require(again->provider_count == module.provider_count, "the same providers each time it is loaded", std::to_string(again->provider_count) + " in a copy");
  for (std::uint32_t i = 0; i < again->provider_count; ++i) {
    const std::string first(view(module.descriptor(i)->type)), then(view(again->descriptor(i)->type));
    self.require(first == then, "the same provider types each time it is loaded", "first \"" + printable(first) + "\", then \"" + printable(then) + "\"");
  }
}

void models_are_whole(Case& self) {
  constexpr std::uint32_t most_models = 4096;
  each_provider(self, [&](const belay_descriptor& about, const belay_provider_api&) {
    if (about.model_count == 0) return;
    self.require(about.models != nullptr && about.model_count <= most_models, "models with memory, at most 4096", std::to_string(about.model_count) + " of them");
    self.require(about.model_stride >= sizeof(belay_model) && about.model_stride % alignof(belay_model) == 0,
                 "a model_stride of at least " + std::to_string(sizeof(belay_model)) + " bytes, a multiple of 8", std::to_string(about.model_stride));
    std::set<std::string> ids;
    for (std::uint32_t i = 0; i < about.model_count; ++i) {
      const auto& model = *reinterpret_cast<const belay_model*>(reinterpret_cast<const char*>(about.models) + std::size_t{about.model_stride} * i);
      check_text(self, "the id of model " + std::to_string(i), model.id, true);
      const std::string id = printable(view(model.id));
      self.require(ids.emplace(view(model.id)).second, "each model once", "\"" + id + "\" comes twice");
      for (const std::int64_t limit : {model.context, model.max_output})
        self.require(limit == -1 || limit > 0, "limits that are positive or -1", std::to_string(limit) + " of \"" + id + "\"");
    }
  });
}

}  // namespace belay::conform
