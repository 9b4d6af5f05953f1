#include "completion.hpp"
#include "completion_table.hpp"

namespace belay::cli {
namespace {

/// Inside '...' and inside a spec of _arguments, where colons and brackets have a meaning.
std::string spec_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == ':' || c == '[' || c == ']' || c == '\\') {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

/// The action after ":NAME:". One that begins with a space is called as it stands.
std::string action(Offer offer, std::string_view choices) {
  const std::string kind(kind_of_words(offer));
  if (!kind.empty()) return " _belay_words " + kind;
  if (offer == Offer::choices) return "(" + std::string(choices) + ")";
  if (offer == Offer::file) return "_files";
  if (offer == Offer::folder) return "_files -/";
  return " ";
}

std::string option_spec(const Option& option) {
  const std::string about = "[" + spec_text(option.about) + "]";
  if (option.name == "--help") return "'(-h --help)'{-h,--help}'" + about + "'";
  std::string spec = "'" + std::string(option.name);
  if (!option.value.empty()) spec += "=";
  spec += about;
  if (!option.value.empty()) spec += ":" + spec_text(option.value) + ":" + action(option.offer, option.choices);
  return spec + "'";
}

std::string arguments_call(const Command& command, const std::string& pad) {
  std::string text = pad + "_arguments -S";
  for (const Option& option : options_of(command)) text += " \\\n" + pad + "  " + option_spec(option);
  for (const Operand& operand : command.operands) {
    text += " \\\n" + pad + "  '" + (operand.required ? ":" : "::") + spec_text(operand.name) + ":" +
            action(operand.offer, operand.choices) + "'";
  }
  return text;
}

std::string described(const std::vector<const Command*>& list, std::size_t cut) {
  std::string text;
  for (const Command* command : list)
    text += " '" + spec_text(command->name.substr(cut)) + ":" + spec_text(command->summary) + "'";
  return text;
}

std::string first_word_case(const std::string& first) {
  const auto below = commands_below(first);
  const Command* own = command_named(first);
  std::string text = "        " + first + ")\n";
  if (below.empty()) return text + arguments_call(*own, "          ") + "\n          ;;\n";
  text += "          if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n            local -a below=(" +
          described(below, first.size() + 1) +
          " )\n            _describe command below\n          else\n            case $words[2] in\n";
  for (const Command* command : below) {
    text += "              " + std::string(command->name.substr(first.size() + 1)) +
            ")\n                shift words\n                (( CURRENT-- ))\n" +
            arguments_call(*command, "                ") + "\n                ;;\n";
  }
  if (own != nullptr)
    text += "              *)\n" + arguments_call(*own, "                ") + "\n                ;;\n";
  return text + "            esac\n          fi\n          ;;\n";
}

}  // namespace

std::string zsh_completion() {
  std::string firsts;
  for (const std::string& first : first_words()) {
    firsts += " '" + first + ":" + spec_text(about_first_word(first)) + "'";
  }
  std::string text = R"ZSH(#compdef belay
# zsh completion for belay, printed by `belay completion zsh`
_belay_words() {
  local -a names config
  local at=$words[(I)--config]
  (( at > 0 && at + 1 < CURRENT )) && config=(--config $words[at+1])
  names=(${(f)"$(belay words $1 $config 2>/dev/null)"})
  compadd -a names
}
_belay() {
  local context state line
  typeset -A opt_args
  _arguments -C '(-h --help)'{-h,--help}'[what belay does]' '--version[the version]' '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a firsts=()ZSH" +
                     firsts + R"ZSH( )
      _describe command firsts
      ;;
    rest)
      case $words[1] in
)ZSH";
  for (const std::string& first : first_words()) text += first_word_case(first);
  return text + R"ZSH(      esac
      ;;
  esac
}
if [[ $funcstack[1] == _belay ]]; then
  _belay "$@"
else
  compdef _belay belay
fi
)ZSH";
}

}  // namespace belay::cli
