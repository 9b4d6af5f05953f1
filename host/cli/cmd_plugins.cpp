// `belay plugins`: which plugin files there are and which of them may run.
#include "commands.hpp"
#include "exit_code.hpp"
#include "no_notes.hpp"
#include "open.hpp"
#include "plugins_view.hpp"

namespace belay::cli {
namespace {

constexpr Option options[] = {{"--json", "", "the same as one JSON object"}};

int run(const Arguments& arguments, Console& console) {
  const auto settings = load_settings(arguments, console);
  if (!settings) return exit_usage;
  NoNotes services;
  const plugins::Registry registry(settings->loader, services);
  const auto& dirs = settings->loader.dirs;
  return print(console, arguments.has("--json") ? plugins_json(registry.files(), dirs)
                                                : plugins_text(registry.files(), dirs, console.out));
}

}  // namespace

const Command plugins_command{
    .name = "plugins",
    .summary = "installed plugins: id, version, ABI, provider types, whether they are trusted",
    .about = "Reads what each file says of itself without running any of it. A file that is not used says why.",
    .options = options,
    .operands = {},
    .examples = {},
    .run = run};

}  // namespace belay::cli
