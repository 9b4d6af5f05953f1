// `belay reset`: lifts holds.
#include "commands.hpp"
#include "exit_code.hpp"
#include "open.hpp"

namespace belay::cli {
namespace {

constexpr Operand operands[] = {{"PROVIDER[/MODEL|#ID]",
                                 "a provider, one of its models, or one of its credentials; everything when left out",
                                 false, Offer::provider}};

constexpr Example examples[] = {
    {"belay reset", "forget every hold"},
    {"belay reset openrouter", "its credentials, models and endpoint may be used again at once"},
    {"belay reset openai#team", "this credential only"},
};

int run(const Arguments& arguments, Console& console) {
  const auto runtime = open_runtime(arguments, console);
  if (!runtime) return exit_usage;
  const auto lifted = runtime->reset(arguments.operand(0));
  if (!lifted) {
    complain(console, "reset: " + lifted.error().message);
    return exit_usage;
  }
  if (*lifted == 0) return print(console, "nothing was held\n");
  return print(console, *lifted == 1 ? "1 hold lifted\n" : std::to_string(*lifted) + " holds lifted\n");
}

}  // namespace

const Command reset_command{.name = "reset",
                            .summary = "lift holds: of a provider, a model, a credential, or all",
                            .about = "Takes effect at once, also in processes that are running.",
                            .options = {},
                            .operands = operands,
                            .examples = examples,
                            .run = run};

}  // namespace belay::cli
