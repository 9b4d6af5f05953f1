#include "module.hpp"

#include <algorithm>
#include <map>

#include "answer.hpp"
#include "base/log.hpp"
#include "host_table.hpp"
#include "library.hpp"
#include "tables.hpp"

namespace belay::plugins {
namespace {

/// Every module of the process by its entry function. Never destroyed, like the code.
struct Loaded {
  std::mutex mutex;  ///< one load at a time, too
  std::map<belay_plugin_entry_fn, std::shared_ptr<Module>> by_entry;
};
Loaded& loaded() {
  static auto* const only = new Loaded;
  return *only;
}

Result<const belay_plugin*> say_hello(belay_plugin_entry_fn entry, const std::string& who) {
  FaultLatch latch(who);
  const belay_hello hello{sizeof hello, BELAY_ABI_MAJOR, BELAY_ABI_MINOR, 0, &host_table()};
  const belay_plugin* plugin = nullptr;
  const Answer answer = call(latch, BELAY_ENTRY_SYMBOL, CallKind::control,
                             [&](belay_error* error) { return entry(&hello, &plugin, error); });
  if (answer.status == Status::fault) return fail("cannot be used: " + answer.text);
  if (answer.status != Status::ok) return fail("refused to start in its entry function: " + answer.text);
  return plugin;
}

/// What the note promises is what may be configured; a provider that only one side knows would surprise.
std::optional<std::string> types_refusal(const NoteFacts& note, const std::vector<Provider>& providers) {
  std::vector<std::string> promised = note.types, there;
  for (const auto& provider : providers) there.push_back(provider.descriptor.type);
  std::sort(promised.begin(), promised.end());
  std::sort(there.begin(), there.end());
  if (std::adjacent_find(there.begin(), there.end()) != there.end()) return "has two providers of one type";
  if (promised == there) return std::nullopt;
  const auto list = [](const std::vector<std::string>& types) {
    std::string text;
    for (const auto& type : types) text += (text.empty() ? "\"" : ", \"") + type + "\"";
    return text;
  };
  return "has the types " + list(promised) + " in its note and " + list(there) + " in its table";
}

}  // namespace

Result<std::shared_ptr<Module>> Module::load(const ImageFile& file, const NoteFacts& note) {
  std::lock_guard lock(loaded().mutex);
  const auto entry = map_library(file);
  if (!entry) return entry.error();
  if (const auto known = loaded().by_entry.find(*entry); known != loaded().by_entry.end()) return known->second;

  const auto plugin = say_hello(*entry, note.id + " " + note.version);
  if (!plugin) return plugin.error();
  if (auto why = plugin_refusal(*plugin, note)) return fail(*why);
  std::vector<Provider> providers;
  for (std::uint32_t i = 0; i < (*plugin)->provider_count; ++i) {
    auto provider = provider_of(**plugin, i);
    if (!provider) return provider.error();
    providers.push_back(std::move(*provider));
  }
  if (auto why = types_refusal(note, providers)) return fail(*why);
  auto module = std::make_shared<Module>(note, std::move(providers));
  loaded().by_entry.emplace(*entry, module);
  return module;
}

Module::Module(NoteFacts note, std::vector<Provider> providers)
    : note_(std::move(note)), providers_(std::move(providers)), latch_(note_.id + " " + note_.version) {}

const Provider* Module::provider(std::string_view type) const {
  const auto found = std::find_if(providers_.begin(), providers_.end(),
                                  [&](const auto& provider) { return provider.descriptor.type == type; });
  return found == providers_.end() ? nullptr : &*found;
}

}  // namespace belay::plugins
