// `belay plugins inspect FILE`: one plugin file in full.
#include "commands.hpp"
#include "exit_code.hpp"
#include "open.hpp"
#include "plugins_view.hpp"

namespace belay::cli {
namespace {

constexpr Option options[] = {{"--json", "", "the same as one JSON object"}};

constexpr Operand operands[] = {{"FILE", "a plugin file, wherever it is", true, Offer::file}};

int run(const Arguments& arguments, Console& console) {
  const auto settings = load_settings(arguments, console);
  if (!settings) return exit_usage;
  std::vector<plugins::Descriptor> descriptors;
  const auto file = plugins::Registry::inspect(*arguments.operand(0), settings->loader, &descriptors);
  const int printed = print(console, arguments.has("--json") ? inspect_json(file, descriptors)
                                                             : inspect_text(file, descriptors, console.out));
  if (printed != exit_answered) return printed;
  return file.state == plugins::FileState::refused ? exit_usage : exit_answered;
}

}  // namespace

const Command plugins_inspect_command{.name = "plugins inspect",
                                      .summary = "one plugin file: what it says of itself, what it can do, its options",
                                      .about =
                                          "Maps the file and checks everything that is checked before a plugin serves "
                                          "its first call. Exit code 2 when it would be refused.",
                                      .options = options,
                                      .operands = operands,
                                      .examples = {},
                                      .run = run};

}  // namespace belay::cli
