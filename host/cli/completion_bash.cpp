#include "completion.hpp"
#include "completion_table.hpp"
#include "lists.hpp"

namespace belay::cli {
namespace {

/// The statement that fills COMPREPLY with what is offered for a value.
std::string reply(Offer offer, std::string_view choices) {
  const std::string kind(kind_of_words(offer));
  if (!kind.empty()) return "_belay_reply \"$(belay words " + kind + " \"${config[@]}\" 2>/dev/null)\"";
  if (offer == Offer::choices) return "_belay_reply \"" + std::string(choices) + "\"";
  if (offer == Offer::file || offer == Offer::folder)
    return std::string("_belay_files ") + (offer == Offer::file ? "-f" : "-d");
  return ":";
}

std::string after_option() {
  std::string text = "  case $prev in\n";
  for (const Option& option : options_with_value())
    text += "    " + std::string(option.name) + ") " + reply(option.offer, option.choices) + "; return ;;\n";
  return text + "  esac\n";
}

std::string in_command(const Command& command) {
  std::string words;
  for (const Option& option : options_of(command)) words += (words.empty() ? "" : " ") + std::string(option.name);
  std::string below;
  for (const Command* one : commands_below(command.name))
    below += " " + std::string(one->name.substr(command.name.size() + 1));
  std::string text = "    '" + std::string(command.name) + "')\n";
  text += "      if [[ $cur == -* ]]; then _belay_reply \"" + words + "\"; return; fi\n";
  if (!below.empty()) text += "      if (( operands == 0 )); then _belay_reply \"" + below.substr(1) + "\"; fi\n";
  for (std::size_t n = 0; n < command.operands.size(); ++n) {
    const Operand& operand = command.operands[n];
    if (operand.offer != Offer::nothing)
      text += "      if (( operands == " + std::to_string(n) + " )); then " + reply(operand.offer, operand.choices) +
              "; fi\n";
  }
  return text + "      ;;\n";
}

std::string value_options() {
  std::string names;
  for (const Option& option : options_with_value()) names += (names.empty() ? "" : "|") + std::string(option.name);
  return names;
}

std::string two_words() {
  std::string names;
  for (const Command* command : offered_commands()) {
    if (command->name.find(' ') != std::string_view::npos)
      names += (names.empty() ? "'" : "|'") + std::string(command->name) + "'";
  }
  return names;
}

std::string groups() {
  std::string text;
  for (const std::string& first : first_words()) {
    if (command_named(first) != nullptr) continue;
    std::string below;
    for (const Command* command : commands_below(first))
      below += (below.empty() ? "" : " ") + std::string(command->name.substr(first.size() + 1));
    text += "    '" + first + "') _belay_reply \"" + below + "\" ;;\n";
  }
  return text;
}

}  // namespace

std::string bash_completion() {
  std::string text = R"(# bash completion for belay, printed by `belay completion bash`
# Takes candidates (words in $1) that begin with what is typed. Nothing is expanded: names are what the configuration says.
_belay_reply() {
  local one
  local -a candidates
  read -r -d '' -a candidates <<< "$1"
  for one in "${candidates[@]}"; do
    if [[ $one == "$cur"* ]]; then COMPREPLY+=("$one"); fi
  done
}
_belay_files() {
  compopt -o filenames 2>/dev/null
  local IFS=$'\n'
  COMPREPLY=($(compgen "$1" -- "$cur"))
}
# Bash splits words at = and : too (--route=r, qwen3:8b), and replaces only what stands behind the last of them.
_belay_trim() {
  local part=${COMP_WORDS[COMP_CWORD]} head
  if [[ $part == [=:] ]]; then part=''; fi
  head=${cur%"$part"}
  if [[ $head != "$cur" || -z $part ]]; then
    COMPREPLY=("${COMPREPLY[@]#"$head"}")
  elif [[ $part == *"$cur" ]]; then
    COMPREPLY=("${COMPREPLY[@]/#/"${part%"$cur"}"}")
  fi
}
_belay_candidates() {
  local word command i last operands=0
  local -a words=() config=()
  last=$((${#typed[@]} - 1))
  for ((i = 1; i < last; i++)); do
    word=${typed[i]}
    case $word in
      --config=*) config=(--config "${word#*=}") ;;
      )" + value_options() +
                     R"()
        if ((i + 1 == last)); then
          prev=$word
        elif [[ $word == --config ]]; then
          config=(--config "${typed[i + 1]}")
        fi
        ((++i))
        ;;
      -*) ;;
      *) words+=("$word") ;;
    esac
  done
)" + after_option() + R"(  case "${words[0]} ${words[1]}" in
    )" + two_words() +
                     R"() command="${words[0]} ${words[1]}"; operands=$((${#words[@]} - 2)) ;;
    *) command=${words[0]}; operands=$((${#words[@]} - 1)) ;;
  esac
  case $command in
    '') if [[ $cur == -* ]]; then _belay_reply "--help --version"; else _belay_reply ")" +
                     joined(first_words(), " ") + R"("; fi ;;
)";
  for (const Command* command : offered_commands()) text += in_command(*command);
  return text + groups() + R"(  esac
}
_belay() {
  local line=${COMP_LINE:0:COMP_POINT} cur prev=''
  local -a typed
  COMPREPLY=()
  read -ra typed <<< "$line"
  if [[ $line == *[[:space:]] ]]; then typed+=(''); fi
  cur=${typed[${#typed[@]} - 1]}
  if [[ $cur == --*=* ]]; then
    prev=${cur%%=*}
    cur=${cur#*=}
  fi
  _belay_candidates
  _belay_trim
}
complete -F _belay belay
)";
}

}  // namespace belay::cli
