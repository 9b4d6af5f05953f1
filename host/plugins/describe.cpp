// The descriptor: copied once, so that nothing of it is read from the plugin's memory later.
#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "base/origin.hpp"
#include "base/utf8.hpp"
#include "sized.hpp"
#include "tables.hpp"
#include "words.hpp"

namespace belay::plugins {
namespace {

constexpr std::size_t longest_text = 400, longest_schema = 1u << 20;
constexpr std::uint32_t most_words = 64, most_models = 4096;

Error bad(const Descriptor& of, const std::string& what) {
  return fail("has a descriptor" + (of.type.empty() ? "" : " of \"" + of.type + "\"") + " " + what);
}

struct Text {
  const char* name;
  belay_str value;
  std::string Descriptor::*to;
  bool mandatory;
};

Result<void> copy_texts(const belay_descriptor& raw, Descriptor& out) {
  const Text texts[] = {{"name", raw.name, &Descriptor::name, true},
                        {"vendor", raw.vendor, &Descriptor::vendor, true},
                        {"version", raw.version, &Descriptor::version, true},
                        {"license", raw.license, &Descriptor::license, true},
                        {"homepage", raw.homepage, &Descriptor::homepage, false},
                        {"default_base_url", raw.default_base_url, &Descriptor::default_base_url, false}};
  for (const auto& text : texts) {
    if (!readable(text.value, longest_text))
      return bad(out, std::string("whose ") + text.name + " can't be read or has more than 400 bytes");
    if (!one_line(view(text.value), longest_text))
      return bad(out, std::string("whose ") + text.name + " is no UTF-8 or holds control characters");
    if (text.mandatory && text.value.len == 0) return bad(out, std::string("without ") + text.name);
    out.*text.to = view(text.value);
  }
  if (!semantic_version(out.version))
    return bad(out, "whose version \"" + out.version + "\" is not a semantic version (right would be \"1.2.0\")");
  if (!out.default_base_url.empty() && !origin_of(out.default_base_url))
    return bad(out, "whose default_base_url is no http or https URL");
  return {};
}

Result<void> copy_words(const Descriptor& of, const char* name, const belay_str* at, std::uint32_t count,
                        bool (*form)(std::string_view), std::vector<std::string>& to) {
  if (count > most_words || (count > 0 && at == nullptr))
    return bad(of, std::string("whose ") + name + " can't be read or are more than 64");
  for (std::uint32_t i = 0; i < count; ++i) {
    const bool good = readable(at[i], 64) && form(view(at[i]));
    if (!good)
      return bad(of, std::string("with an entry of ") + name + " that is none: \"" +
                         (readable(at[i], 64) ? printable(view(at[i])) : std::string("?")) + "\"");
    to.emplace_back(view(at[i]));
  }
  return {};
}

Result<void> copy_models(const belay_descriptor& raw, Descriptor& out) {
  if (raw.model_count == 0) return {};
  if (raw.model_count > most_models || raw.models == nullptr)
    return bad(out, "whose models can't be read or are more than 4096");
  if (!readable_array(raw.models, raw.model_stride)) {
    return bad(out, "whose models have a stride of " + std::to_string(raw.model_stride) + " bytes, ABI 1.0 has " +
                        std::to_string(sizeof(belay_model)));
  }
  std::set<std::string> ids;
  for (std::uint32_t i = 0; i < raw.model_count; ++i) {
    const auto& model = at_stride(raw.models, raw.model_stride, i);
    if (!readable(model.id, longest_text) || model.id.len == 0 || !one_line(view(model.id), longest_text))
      return bad(out, "with a model whose id is empty or can't be read");
    if (!ids.emplace(view(model.id)).second)
      return bad(out, "that lists the model \"" + std::string(view(model.id)) + "\" twice");
    const auto known = [](std::int64_t tokens) { return tokens == -1 || tokens > 0; };
    if (!known(model.context) || !known(model.max_output))
      return bad(out,
                 "with the model \"" + std::string(view(model.id)) + "\" whose limits are neither positive nor -1");
    out.models.push_back(
        {std::string(view(model.id)), model.context > 0 ? std::optional(model.context) : std::nullopt, model.caps});
  }
  return {};
}

Result<void> copy_schema(const belay_descriptor& raw, Descriptor& out) {
  if (!readable(raw.config_schema, longest_schema))
    return bad(out, "whose config_schema can't be read or has more than 1 MiB");
  out.config_schema = view(raw.config_schema);
  if (out.config_schema.empty()) return {};
  const auto schema = json::parse(out.config_schema);
  if (!schema) return bad(out, "whose config_schema is no JSON: " + schema.error().message);
  if (!schema->IsObject()) return bad(out, "whose config_schema is no JSON object");
  return {};
}

}  // namespace

bool Descriptor::speaks(std::string_view wire) const {
  return std::find(wires.begin(), wires.end(), wire) != wires.end();
}

Result<Descriptor> describe(const belay_descriptor* raw) {
  Descriptor out;
  if (raw == nullptr) return fail("has no descriptor for one of its providers");
  if (raw->size < sizeof(belay_descriptor)) {
    return fail("has a belay_descriptor of " + std::to_string(raw->size) + " bytes, ABI 1.0 has " +
                std::to_string(sizeof(belay_descriptor)));
  }
  if (!readable(raw->type, 64) || !provider_type(view(raw->type))) {
    return bad(out, "whose type" +
                        (readable(raw->type, 64) ? " \"" + printable(view(raw->type)) + "\"" : std::string()) +
                        " is no provider type (right would be lower case letters, digits and dashes, 64 at most)");
  }
  out.type = view(raw->type);
  out.caps = raw->caps;
  if (auto copied = copy_texts(*raw, out); !copied) return copied.error();
  if (auto copied = copy_words(out, "operations", raw->operations, raw->operation_count, word, out.operations); !copied)
    return copied.error();
  if (out.operations.empty()) return bad(out, "without an operation");
  if (auto copied = copy_words(out, "wires", raw->wires, raw->wire_count, wire_name, out.wires); !copied)
    return copied.error();
  if (auto copied = copy_words(out, "credential_types", raw->credential_types, raw->credential_type_count, word,
                               out.credential_types);
      !copied)
    return copied.error();
  if (auto copied = copy_models(*raw, out); !copied) return copied.error();
  if (auto copied = copy_schema(*raw, out); !copied) return copied.error();
  return out;
}

}  // namespace belay::plugins
