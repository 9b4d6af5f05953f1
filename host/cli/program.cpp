#include "program.hpp"

#include <algorithm>
#include <exception>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "command.hpp"
#include "exit_code.hpp"
#include "help.hpp"
#include "lists.hpp"
#include "parse.hpp"
#include "writing.hpp"

namespace belay::cli {
namespace {

/// Options that stand alone: `belay --config FILE` and nothing else.
bool is_common(std::string_view word) {
  const auto options = common_options();
  return std::any_of(options.begin(), options.end(),
                     [&](const Option& option) { return option.name == word.substr(0, word.find('=')); });
}

int unknown(const Console& console, const std::vector<std::string>& words) {
  if (is_common(words[0])) {
    complain(console, "there is no command after " + printable(words[0]) + "; see belay --help");
    return exit_usage;
  }
  std::vector<std::string> known;
  std::string below;
  for (const Command* command : commands()) {
    if (command->hidden) continue;
    known.emplace_back(command->name);
    if (command->name.starts_with(words[0] + " "))
      below += (below.empty() ? "" : " or ") + std::string(command->name.substr(words[0].size() + 1));
  }
  if (!below.empty()) {
    complain(console, words[0] + " needs one of its own commands: " + below + "; see belay --help");
    return exit_usage;
  }
  const std::string what = words[0].starts_with('-') ? "option" : "command";
  if (what == "option") known = {"--help", "--version"};
  const std::string meant = meant_by(words[0], known);
  complain(console, "unknown " + what + " \"" + printable(words[0]) + "\"" +
                        (meant.empty() ? "" : " (did you mean " + meant + "?)") + "; see belay --help");
  return exit_usage;
}

int run(const Command& command, std::span<const std::string> words, Console& console) {
  const auto arguments = parse(command, words);
  if (!arguments) {
    complain(console, arguments.error().message);
    return exit_usage;
  }
  if (arguments->has("--help")) return print(console, command_help(command, console.out));
  if (const auto level = arguments->value("--log")) {
    if (const auto parsed = parse_log_level(*level)) set_log_level(*parsed);
  }
  return command.run(*arguments, console);
}

int dispatch(std::span<const std::string> given, Console& console) {
  const auto words = command_first(given);
  if (words.empty()) {
    (void)write_all(console.err.fd, program_help(console.err));
    return exit_usage;
  }
  if (words[0] == "--version" || words[0] == "-V") return print(console, "belay " BELAY_VERSION "\n");
  if (words[0] == "--help" || words[0] == "-h") return print(console, program_help(console.out));
  const Found found = find_command(words);
  if (found.command == nullptr) return unknown(console, words);
  return run(*found.command, std::span(words).subspan(found.words), console);
}

}  // namespace

int program(int count, char** words) {
  keep_standard_descriptors();
  survive_closed_pipes();
  set_log_level(LogLevel::warn);
  Console console{look_at(1, process_variable), look_at(2, process_variable)};
  try {
    return dispatch(std::vector<std::string>(words + (count > 0 ? 1 : 0), words + count), console);
  } catch (const std::exception& error) {
    complain(console, std::string("internal error: ") + error.what());
  } catch (...) {
    complain(console, "internal error");
  }
  return exit_internal;
}

}  // namespace belay::cli
