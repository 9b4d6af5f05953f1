// `belay plugins`: which plugin files there are and which of them may run.
#include <filesystem>
#include <memory>
#include <optional>

#include "commands.hpp"
#include "exit_code.hpp"
#include "no_notes.hpp"
#include "open.hpp"
#include "plugins_view.hpp"
#include "runtime/quarantine.hpp"
#include "state/state.hpp"

namespace belay::cli {
namespace {

constexpr Option options[] = {{"--json", "", "the same as one JSON object"}};

/// What other processes know of the files. Nothing, where there is none, or where it is not for this user.
std::unique_ptr<state::State> known_state(const std::string& url) {
  constexpr std::string_view file = "file:";
  std::error_code ignored;
  if (url.starts_with(file) && !std::filesystem::exists(url.substr(file.size()), ignored)) return nullptr;
  auto state = state::open(url);
  return state ? std::move(*state) : nullptr;
}

int run(const Arguments& arguments, Console& console) {
  const auto settings = load_settings(arguments, console);
  if (!settings) return exit_usage;
  NoNotes services;
  const auto state = known_state(settings->state);
  std::optional<runtime::StateQuarantine> quarantine;
  if (state) quarantine.emplace(*state);
  const plugins::Registry registry(settings->loader, services,
                                   {.quarantine = quarantine ? &*quarantine : nullptr, .hash_all = true});
  const auto& dirs = settings->loader.dirs;
  return print(console, arguments.has("--json") ? plugins_json(registry.files(), dirs)
                                                : plugins_text(registry.files(), dirs, console.out));
}

}  // namespace

const Command plugins_command{
    .name = "plugins",
    .summary = "installed plugins: id, version, ABI, provider types, whether they are trusted",
    .about = "Reads what each file says of itself without running any of it. A file that is not used says why; that is also "
             "what a gateway found that shares the state, when it tried the file.",
    .options = options,
    .operands = {},
    .examples = {},
    .run = run};

}  // namespace belay::cli
