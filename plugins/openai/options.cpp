#include "options.hpp"

#include <algorithm>

#include "belay/cpp/json.hpp"
#include "belay/words.hpp"

namespace belay::openai {

namespace {

[[noreturn]] void wrong(const std::string& what) { throw sdk::Error(BELAY_ERR_CONFIG, what); }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

void read_text(const sdk::Json& json, const char* pointer, std::string& to) {
  if (const auto value = json[pointer]) to = value.text();
}

void read_drop(const sdk::Json& json, std::vector<std::string>& to) {
  const auto list = json["/drop"];
  for (std::int64_t i = 0; i < list.integer(); ++i) {
    std::string name(list.element(static_cast<std::uint64_t>(i)).text());
    if (words::is_indispensable(name)) wrong("options.drop names \"" + name + "\", without which there is no request");
    to.push_back(std::move(name));
  }
}

void read_query(const sdk::Json& json, std::vector<std::pair<std::string, std::string>>& to) {
  const auto object = json["/query"];
  for (std::int64_t i = 0; i < object.integer(); ++i) {
    std::string_view name;
    const auto value = object.element(static_cast<std::uint64_t>(i), &name);
    to.emplace_back(name, value.text());
  }
}

bool dropped(const Options& options, std::string_view name) {
  return std::find(options.drop.begin(), options.drop.end(), name) != options.drop.end();
}

}  // namespace

Options read_options(std::string_view text) {
  Options out;
  if (text.empty() || text == "{}") return out;
  const sdk::Json json(text);
  if (!json[""]) wrong("options cannot be read: this host has no " BELAY_JSON_ID);
  read_text(json, "/max_tokens_name", out.max_tokens_name);
  read_text(json, "/auth_header", out.auth_header);
  read_text(json, "/organization", out.organization);
  read_text(json, "/project", out.project);
  read_text(json, "/chat_path", out.chat_path);
  read_text(json, "/embeddings_path", out.embeddings_path);
  read_text(json, "/models_path", out.models_path);
  read_drop(json, out.drop);
  read_query(json, out.query);
  out.stream_usage = json["/stream_usage"].integer() != 0;
  out.auth_header = lower(out.auth_header);

  if (!out.max_tokens_name.empty() && dropped(out, out.max_tokens_name))
    wrong("options.drop names \"" + out.max_tokens_name + "\", which options.max_tokens_name asks for");
  if (out.stream_usage && dropped(out, "stream_options"))
    wrong("options.drop names \"stream_options\", which options.stream_usage needs");
  return out;
}

std::string changes(const Options& options) {
  std::string out;
  const auto add = [&out](const std::string& what) { out += (out.empty() ? "" : "; ") + what; };
  for (const auto& name : options.drop) add("drops " + name);
  if (!options.max_tokens_name.empty()) add("sends the output cap as " + options.max_tokens_name);
  if (options.stream_usage) add("asks for usage in streams");
  return out;
}

}  // namespace belay::openai
