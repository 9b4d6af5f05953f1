// `belay completion SHELL`: the completion script.
#include "commands.hpp"
#include "completion.hpp"
#include "exit_code.hpp"

namespace belay::cli {
namespace {

constexpr Operand operands[] = {{"SHELL", "for which shell", true, Offer::choices, "bash zsh fish"}};

constexpr Example examples[] = {
    {"source <(belay completion bash)", "in this shell; in ~/.bashrc for all"},
    {"belay completion zsh > \"${fpath[1]}/_belay\"", "zsh, before compinit runs"},
    {"belay completion fish > ~/.config/fish/completions/belay.fish", "fish"},
};

int run(const Arguments& arguments, Console& console) {
  const std::string shell = *arguments.operand(0);
  return print(console, shell == "bash" ? bash_completion() : shell == "zsh" ? zsh_completion() : fish_completion());
}

}  // namespace

const Command completion_command{
    .name = "completion",
    .summary = "completion script for bash, zsh or fish",
    .about = "Completes commands, options, and the names of your routes, targets and credentials.",
    .options = {},
    .operands = operands,
    .examples = examples,
    .run = run};

}  // namespace belay::cli
