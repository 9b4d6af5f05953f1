// [provider.NAME], its preset below it.
#include <algorithm>

#include "base/origin.hpp"
#include "json_value.hpp"
#include "readers.hpp"
#include "words.hpp"

namespace belay::config {
namespace {

using runtime::ProviderSettings;

/// The table a person wrote, laid over its preset's.
Node with_preset(const Node& written, const PresetFile* preset) {
  if (preset == nullptr) return written;
  Node merged = preset->provider;
  merged.key = written.key;
  merged.key_place = written.key_place;
  merged.place = written.place;
  merge(merged, written);
  return merged;
}

const PresetFile* find_preset(const Node& written, const std::string& key, const Context& context) {
  const Node* named = written.find("preset");
  if (named == nullptr || named->kind != Node::Kind::string)
    return nullptr;  // another kind is reported with the other keys
  const PresetFile* preset = context.presets.find(named->text);
  if (preset == nullptr) {
    const auto names = context.presets.names();
    if (std::find(names.begin(), names.end(), named->text) == names.end()) {
      context.reading.report.error(named->place, key + ".preset", "unknown preset " + in_quotes(named->text),
                                   names.empty() ? "no presets are installed beside the program"
                                                 : remedy_for_word(named->text, names, "known are"));
    }
  }
  return preset;
}

bool is_loopback(const Origin& origin) {
  return origin.host == "localhost" || origin.host == "[::1]" || origin.host.starts_with("127.");
}

void read_base_url(Section& section, const PresetFile* preset, ProviderSettings& to) {
  constexpr std::string_view example = "base_url = \"https://HOST/v1\"";
  if (!section.text("base_url", to.base_url, example)) {
    if (preset != nullptr && !preset->base_url_form.empty() && section.find("base_url") == nullptr) {
      section.missing("base_url", "everyone has one of their own with preset " + in_quotes(preset->about.name) + ": " +
                                      preset->base_url_form);
    }
    return;
  }
  const Node& node = *section.find("base_url");
  const auto origin = origin_of(to.base_url);
  if (!origin) return section.error(node, origin.error().message, std::string(example));
  if (to.base_url.find_first_of("?#") != std::string::npos) {
    return section.error(node, "ends in a query or fragment, but paths are added to it",
                         "the part before it; a query belongs into [provider.NAME.options]");
  }
  while (to.base_url.ends_with('/')) to.base_url.pop_back();
  to.pool.origin = origin->text();
}

/// A secret on the wire for all to read is worth a word, but private networks are their owner's affair.
void warn_of_plain_http(Section& section, const ProviderSettings& to) {
  if (to.pool.origin.empty() || to.pool.credentials.empty()) return;
  const auto origin = origin_of(to.pool.origin);
  if (origin->scheme == "http" && !is_loopback(*origin)) {
    section.warning(*section.find("base_url"), "sends this provider's secrets without encryption", "https://");
  }
}

void read_models(Section& section, ProviderSettings& to) {
  for (Section& model : section.named("models", "models = { \"NAME\" = { context = 200000, vision = true } }")) {
    fallback::ModelFacts facts;
    std::int64_t context = 0;
    if (model.integer("context", context, 1, 1'000'000'000)) facts.context = context;
    for (const std::string& capability : capabilities()) {
      bool has = false;
      if (model.flag(capability, has)) facts.capabilities[capability] = has;
    }
    model.finish();
    to.models.emplace(model.node().key, std::move(facts));
  }
}

void read_options(Section& section, ProviderSettings& to) {
  if (auto options = section.table("options")) {
    if (auto text = json_value(*options, options->node())) to.options = *std::move(text);
  }
}

void read_facts(Section& section, ProviderSettings& to) {
  section.text("model", to.model, "model = \"the default model's name\"");
  if (const auto cost = section.word("cost", costs())) to.cost = costs()[*cost];
  if (section.text("zone", to.zone, "one word, such as \"eu\"") && to.zone.find(' ') != std::string::npos) {
    section.error(*section.find("zone"), in_quotes(to.zone) + " is more than one word", "one word, such as \"eu\"");
  }
  read_models(section, to);
}

void read_plugin(Section& section, const PresetFile* preset, ProviderSettings& to) {
  if (section.text("plugin", to.plugin, "plugin = \"openai\"")) {
    if (!is_provider_type(to.plugin))
      section.error(*section.find("plugin"), in_quotes(to.plugin) + " is not a provider type",
                    std::string(provider_type_rule));
  } else if (section.find("plugin") == nullptr && (preset != nullptr || section.find("preset") == nullptr)) {
    section.missing("plugin", "plugin = \"openai\" or another provider type, or a preset");
  }
}

/// The preset's own credential, for a provider that says nothing about credentials. `credential = []` says: keyless.
void add_preset_credential(Section& section, const PresetFile* preset, ProviderSettings& to) {
  if (preset == nullptr || preset->about.env.empty() || section.find("credential") != nullptr) return;
  auto source = credentials::parse_source("env:" + preset->about.env);
  if (!source) return;
  credentials::CredentialSettings credential;
  credential.id = "env";
  credential.type = "api_key";
  credential.sources.emplace("source", *std::move(source));
  credential.place = to.place;
  to.pool.credentials.push_back(std::move(credential));
}

ProviderSettings read_provider(const Section& written, const Context& context) {
  const PresetFile* preset = find_preset(written.node(), written.key(), context);
  const Node merged = with_preset(written.node(), preset);
  Section section(context.reading, merged, written.key(), "provider.*");
  ProviderSettings to;
  to.name = to.pool.provider = merged.key;
  to.place = context.reading.report.shown(merged.key_place);
  section.text("preset", to.preset, "preset = \"openai\"");
  read_plugin(section, preset, to);
  read_base_url(section, preset, to);
  read_facts(section, to);
  read_options(section, to);
  read_endpoint(section, context, to.endpoint);
  read_credentials(section, context, to.pool);
  add_preset_credential(section, preset, to);
  warn_of_plain_http(section, to);
  section.finish();
  return to;
}

}  // namespace

void read_providers(Section& root, const Context& context, runtime::Settings& settings) {
  for (const Section& section : root.named("provider", "[provider.NAME]")) {
    const std::string& name = section.node().key;
    if (!is_name(name)) section.error("is not a provider's name", std::string(name_rule));
    if (name == "auto") section.error("is the name of the built-in route", "another name");
    settings.providers.push_back(read_provider(section, context));
  }
}

}  // namespace belay::config
