// `belay words KIND`: names from the configuration, one a line, for the completion scripts. Silent about what is wrong
// with the configuration.
#include "commands.hpp"
#include "config/load.hpp"
#include "exit_code.hpp"

namespace belay::cli {
namespace {

constexpr Operand operands[] = {{"KIND", "which names", true, Offer::choices, "routes targets providers credentials"}};

std::string words_of_kind(const runtime::Settings& settings, const std::string& kind) {
  std::string lines;
  if (kind == "routes") {
    for (const auto& route : settings.routes) lines += route.name + "\n";
    lines += "auto\n";
  }
  for (const auto& provider : settings.providers) {
    if (kind == "providers" || kind == "targets" || kind == "credentials") lines += provider.name + "\n";
    if (kind == "targets" && !provider.model.empty()) lines += provider.name + "/" + provider.model + "\n";
    for (const auto& [model, facts] : provider.models) {
      if (kind == "targets" && model != provider.model) lines += provider.name + "/" + model + "\n";
    }
    for (const auto& credential : provider.pool.credentials) {
      if (kind == "credentials") lines += provider.name + "#" + credential.id + "\n";
    }
  }
  return lines;
}

int run(const Arguments& arguments, Console& console) {
  std::optional<std::filesystem::path> file;
  if (const auto named = arguments.value("--config")) file = *named;
  const config::Loaded loaded = config::load(config::process_environment(), file);
  if (!loaded.errors.empty()) return exit_usage;
  return print(console, words_of_kind(loaded.settings, *arguments.operand(0)));
}

}  // namespace

const Command words_command{.name = "words",
                            .summary = "names from the configuration, for the completion scripts",
                            .about = "",
                            .options = {},
                            .operands = operands,
                            .examples = {},
                            .hidden = true,
                            .run = run};

}  // namespace belay::cli
