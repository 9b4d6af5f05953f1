#include "plugins_view.hpp"

#include "lists.hpp"
#include "table.hpp"

namespace belay::cli {
namespace {

using plugins::Descriptor;
using plugins::FileReport;
using plugins::FileState;

struct CapName {
  std::uint32_t bit;
  const char* name;
};
constexpr CapName cap_names[] = {
    {BELAY_CAP_STREAM, "stream"},
    {BELAY_CAP_TOOLS, "tools"},
    {BELAY_CAP_VISION, "vision"},
    {BELAY_CAP_JSON_SCHEMA, "json_schema"},
    {BELAY_CAP_REASONING, "reasoning"},
    {BELAY_CAP_EMBEDDINGS, "embeddings"},
    {BELAY_CAP_MODELS, "models"},
    {BELAY_CAP_KEYLESS, "keyless"},
    {BELAY_CAP_OWN_TRANSPORT, "own_transport"},
    {BELAY_CAP_OWN_THREADS, "own_threads"},
};

std::vector<std::string> caps_of(std::uint32_t caps) {
  std::vector<std::string> names;
  for (const CapName& cap : cap_names) {
    if ((caps & cap.bit) != 0) names.emplace_back(cap.name);
  }
  return names;
}

/// "1.0"; "1.0-rc1" of a file built against the same candidate as this host, "1.0-draft" of one built against another.
std::string abi_of(const plugins::NoteFacts& note) {
  std::string number = std::to_string(note.abi_major) + "." + std::to_string(note.abi_minor);
  if (!note.draft) return number;
  return note.hash == BELAY_ABI_HASH ? number + "-rc" + std::to_string(BELAY_ABI_DRAFT) : number + "-draft";
}

Ink ink_of(FileState state) {
  if (state == FileState::usable || state == FileState::loaded) return Ink::good;
  return state == FileState::refused ? Ink::bad : Ink::warning;
}

/// The members of one file, inside an object that the caller has begun.
void write_file(json::Writer& to, const FileReport& file) {
  write_text(to, "path", file.path);
  write_text(to, "sha256", file.sha256);
  write_text(to, "state", to_string(file.state));
  write_text(to, "trust", file.trust);
  write_text(to, "why", file.why);
  json::key(to, "note");
  if (!file.note) {
    to.Null();
    return;
  }
  to.StartObject();
  write_text(to, "id", file.note->id);
  write_text(to, "name", file.note->name);
  write_text(to, "version", file.note->version);
  write_text(to, "vendor", file.note->vendor);
  write_text(to, "abi", abi_of(*file.note));
  write_list(to, "types", file.note->types);
  write_list(to, "origins", file.note->origins);
  to.EndObject();
}

void write_descriptor(json::Writer& to, const Descriptor& descriptor) {
  to.StartObject();
  write_text(to, "type", descriptor.type);
  write_text(to, "name", descriptor.name);
  write_text(to, "vendor", descriptor.vendor);
  write_text(to, "version", descriptor.version);
  write_text(to, "license", descriptor.license);
  write_text(to, "homepage", descriptor.homepage);
  write_text(to, "default_base_url", descriptor.default_base_url);
  write_list(to, "capabilities", caps_of(descriptor.caps));
  write_list(to, "operations", descriptor.operations);
  write_list(to, "wires", descriptor.wires);
  write_list(to, "credential_types", descriptor.credential_types);
  std::vector<std::string> models;
  for (const plugins::Model& model : descriptor.models) models.push_back(model.id);
  write_list(to, "models", models);
  write_text(to, "config_schema", descriptor.config_schema);
  to.EndObject();
}

/// Whether it is trusted, and why it is not used.
std::string remark(const FileReport& file) {
  if (file.trust.empty() || file.why.empty()) return file.trust + file.why;
  return file.trust + "; " + file.why;
}

/// What one option of [provider.NAME.options] takes, read off its JSON Schema.
std::string kind_of(const json::Value& schema) {
  if (const json::Value* choices = json::find(schema, "enum"); choices != nullptr && choices->IsArray()) {
    std::vector<std::string> words;
    for (const json::Value& choice : choices->GetArray()) words.push_back(json::text(choice));
    return joined(words, " | ");
  }
  return std::string(json::string_at(schema, "type").value_or(""));
}

std::string option_table(const std::string& schema, const Screen& screen) {
  const auto parsed = json::parse(schema);
  const json::Value* properties = parsed ? json::find(*parsed, "properties") : nullptr;
  if (properties == nullptr || !properties->IsObject() || properties->ObjectEmpty()) return "";
  Table table({{"option", 8}, {"takes", 10}, note("what for")});
  for (const auto& property : properties->GetObject()) {
    const auto about = json::string_at(property.value, "description").value_or("");
    table.add({std::string(json::view(property.name)), {kind_of(property.value), Ink::dim}, std::string(about)});
  }
  return "\n" + table.text(screen);
}

void add_fact(Table& table, const std::string& name, const std::string& value, Ink ink = Ink::plain) {
  if (!value.empty()) table.add({{name, Ink::dim}, {value, ink}});
}

}  // namespace

std::string plugins_text(const std::vector<FileReport>& files, const std::vector<std::string>& dirs,
                         const Screen& screen) {
  if (files.empty()) return "no plugin file in " + joined(dirs) + "\n";
  Table table({{"type", 6}, {"id", 10}, {"version", 0}, {"abi", 0}, {"state", 0}, {"file", 14}, note("trust")});
  for (const FileReport& file : files) {
    table.add({file.note ? joined(file.note->types) : "?",
               file.note ? file.note->id : "",
               file.note ? file.note->version : "",
               file.note ? abi_of(*file.note) : "",
               {std::string(to_string(file.state)), ink_of(file.state)},
               file.path,
               {remark(file), Ink::dim}});
  }
  return table.text(screen);
}

std::string plugins_json(const std::vector<FileReport>& files, const std::vector<std::string>& dirs) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "version"), to.Int(1);
  write_list(to, "dirs", dirs);
  json::key(to, "plugins"), to.StartArray();
  for (const FileReport& file : files) {
    to.StartObject();
    write_file(to, file);
    to.EndObject();
  }
  to.EndArray();
  to.EndObject();
  return line_of(buffer);
}

std::string inspect_text(const FileReport& file, const std::vector<Descriptor>& descriptors, const Screen& screen) {
  Table facts({{"", 0}, {"", 20}});
  add_fact(facts, "file", file.path);
  add_fact(facts, "state", std::string(to_string(file.state)), ink_of(file.state));
  add_fact(facts, "why not", file.why, Ink::bad);
  add_fact(facts, "trust", file.trust);
  add_fact(facts, "sha256", file.sha256);
  if (file.note) {
    add_fact(facts, "id", file.note->id);
    add_fact(facts, "name", file.note->name);
    add_fact(facts, "version", file.note->version);
    add_fact(facts, "vendor", file.note->vendor);
    add_fact(facts, "abi", abi_of(*file.note));
    add_fact(facts, "types", joined(file.note->types));
    add_fact(facts, "origins", joined(file.note->origins));
  }
  std::string text = facts.text(screen);
  for (const Descriptor& descriptor : descriptors) {
    Table table({{"", 0}, {"", 20}});
    add_fact(table, "type", descriptor.type, Ink::bold);
    add_fact(table, "name", descriptor.name);
    add_fact(table, "license", descriptor.license);
    add_fact(table, "homepage", descriptor.homepage);
    add_fact(table, "base URL", descriptor.default_base_url);
    add_fact(table, "can", joined(caps_of(descriptor.caps)));
    add_fact(table, "operations", joined(descriptor.operations));
    add_fact(table, "wires", joined(descriptor.wires));
    add_fact(table, "credentials", joined(descriptor.credential_types));
    std::vector<std::string> models;
    for (const plugins::Model& model : descriptor.models) models.push_back(model.id);
    add_fact(table, "models", joined(models));
    text += "\n" + table.text(screen) + option_table(descriptor.config_schema, screen);
  }
  return text;
}

std::string inspect_json(const FileReport& file, const std::vector<Descriptor>& descriptors) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "version"), to.Int(1);
  write_file(to, file);
  json::key(to, "providers"), to.StartArray();
  for (const Descriptor& descriptor : descriptors) write_descriptor(to, descriptor);
  to.EndArray();
  to.EndObject();
  return line_of(buffer);
}

}  // namespace belay::cli
