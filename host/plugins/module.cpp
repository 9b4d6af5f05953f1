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

/// One image that this process has mapped.
struct Mapped {
  belay_plugin_entry_fn entry;
  std::vector<std::string> types;  ///< of its note
  std::shared_ptr<Module> module;  ///< null: it was refused after it had been mapped
};

/// By SHA-256. Never destroyed, like the code.
struct Loaded {
  std::mutex mutex;  ///< one load at a time, too
  std::map<std::string, Mapped> images;
};
Loaded& loaded() {
  static auto* const only = new Loaded;
  return *only;
}

/// Under the lock.
bool room(const std::vector<std::string>& types) {
  return std::all_of(types.begin(), types.end(), [](const std::string& type) {
    const auto builds = std::count_if(loaded().images.begin(), loaded().images.end(), [&](const auto& known) {
      const auto& its = known.second.types;
      return std::find(its.begin(), its.end(), type) != its.end();
    });
    return static_cast<std::size_t>(builds) < Module::most_builds;
  });
}

/// Maps what is not mapped yet. Under the lock.
Result<Mapped*> mapped(Candidate& file, Image& image) {
  auto& images = loaded().images;
  if (const auto known = images.find(file.sha256()); known != images.end()) return &known->second;
  if (!room(file.report.note->types)) {
    return fail("would be one build more than the " + std::to_string(Module::most_builds) +
                " of its type that one process maps (they are never unmapped; a restart uses it)");
  }
  const auto entry = map_library(image, file.report.path, file.beside);
  if (!entry) return entry.error();
  return &images.emplace(file.sha256(), Mapped{*entry, file.report.note->types, nullptr}).first->second;
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

Result<std::shared_ptr<Module>> Module::load(Candidate& file, Image image) {
  std::lock_guard lock(loaded().mutex);
  const auto found = mapped(file, image);
  if (!found) return found.error();
  Mapped& here = **found;
  if (here.module) return here.module;

  const NoteFacts& note = *file.report.note;
  const auto plugin = say_hello(here.entry, note.id + " " + note.version);
  if (!plugin) return plugin.error();
  if (auto why = plugin_refusal(*plugin, note)) return fail(*why);
  std::vector<Provider> providers;
  for (std::uint32_t i = 0; i < (*plugin)->provider_count; ++i) {
    auto provider = provider_of(**plugin, i);
    if (!provider) return provider.error();
    providers.push_back(std::move(*provider));
  }
  if (auto why = types_refusal(note, providers)) return fail(*why);
  here.module = std::make_shared<Module>(note, file.sha256(), std::move(providers));
  return here.module;
}

std::shared_ptr<Module> Module::of(const std::string& sha256) {
  std::lock_guard lock(loaded().mutex);
  const auto known = loaded().images.find(sha256);
  return known == loaded().images.end() ? nullptr : known->second.module;
}

bool Module::room_for(const std::vector<std::string>& types) {
  std::lock_guard lock(loaded().mutex);
  return room(types);
}

Module::Module(NoteFacts note, std::string sha256, std::vector<Provider> providers)
    : note_(std::move(note)),
      sha256_(std::move(sha256)),
      providers_(std::move(providers)),
      latch_(note_.id + " " + note_.version) {}

const Provider* Module::provider(std::string_view type) const {
  const auto found = std::find_if(providers_.begin(), providers_.end(),
                                  [&](const auto& provider) { return provider.descriptor.type == type; });
  return found == providers_.end() ? nullptr : &*found;
}

}  // namespace belay::plugins
