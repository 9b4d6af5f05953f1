#include "man.hpp"

#include <algorithm>

#include "completion_table.hpp"
#include "help.hpp"
#include "lists.hpp"

namespace belay::cli {
namespace {

/// Text that roff takes as it is: no escapes, no request at the start of a line, dashes that can be copied.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    line_start = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '`') {
      out += "\\(ga";
    } else if (c == '"') {
      out += "\\(dq";  // a plain one groups the arguments of .B
    } else {
      out += c;
    }
  }
  return out;
}

std::string page_name(const Command& command) {
  std::string name = "belay-" + std::string(command.name);
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string title(const std::string& name) {
  std::string upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return ".TH " + roff(upper) + " 1 \"\" \"belay " BELAY_VERSION "\"\n" +
         ".nh\n.ad l\n";  // names are copied from here: none is hyphenated
}

std::string section(std::string_view name) { return ".SH " + std::string(name) + "\n"; }

std::string item(const std::string& head, std::string_view about, std::string_view choices) {
  std::string text = ".TP\n.B " + roff(head) + "\n" + roff(about);
  if (!choices.empty()) text += ": " + roff(joined(words_of(choices)));
  return text + "\n";
}

std::string paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    out += (out.empty() ? "" : ".PP\n") + roff(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return out;
}

std::string exit_status() {
  std::string text = section("EXIT STATUS");
  for (const ExitMeaning& exit : exit_meanings()) text += item(std::string(exit.code), exit.meaning, {});
  return text;
}

std::string see_also(const std::string& self) {
  std::string text = section("SEE ALSO");
  std::string list;
  for (const std::string& page : manual_pages()) {
    if (page != self) list += (list.empty() ? "" : ",\n") + (".BR " + roff(page) + " (1)");
  }
  return text + list + "\n";
}

std::string command_page(const Command& command) {
  const std::string name = page_name(command);
  std::string text = title(name) + section("NAME") + roff(name) + " \\- " + roff(command.summary) + "\n";
  text += section("SYNOPSIS") + ".B " + roff(joined(synopsis(command), " ")) + "\n";
  if (!command.about.empty()) text += section("DESCRIPTION") + paragraphs(command.about);
  if (!command.operands.empty()) {
    text += section("ARGUMENTS");
    for (const Operand& operand : command.operands)
      text += item(std::string(operand.name), operand.about, operand.choices);
  }
  text += section("OPTIONS");
  for (const Option& option : options_of(command)) text += item(spelling(option), option.about, option.choices);
  if (!command.examples.empty()) {
    text += section("EXAMPLES");
    for (const Example& example : command.examples) text += item(std::string(example.line), example.about, {});
  }
  return text + exit_status() + see_also(name);
}

std::string program_page() {
  std::string text = title("belay") + section("NAME") + "belay \\- keeps an LLM call from falling\n";
  text += section("SYNOPSIS") + ".B belay\n.I COMMAND\n[\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n";
  text += section("DESCRIPTION") +
          paragraphs(
              "belay takes one LLM request and gets it answered. It walks a route, an ordered chain of targets "
              "(provider and model). When a target refuses a "
              "credential, the credential is refreshed and the target tried once more, then its next credential, then "
              "the next target. Every attempt is in "
              "the trace, a secret goes only to the origin it is bound to, and one deadline covers the whole call.");
  text += section("COMMANDS");
  for (const Command* command : offered_commands()) text += item(std::string(command->name), command->summary, {});
  text += section("OPTIONS") + item("-h, --help", "what belay does", {}) + item("--version", "the version", {});
  text +=
      paragraphs("Each command has its own page and takes --config, --log and --help, also before the command's name.");
  text += exit_status();
  text += section("FILES");
  text += item("/etc/belay/belay.toml, /etc/belay/conf.d/*.toml, $XDG_CONFIG_HOME/belay/belay.toml",
               "configuration, in this order, later wins; with --config only that file and what it includes", {});
  text += item("$XDG_STATE_HOME/belay", "state: holds, generations, tokens that were refreshed", {});
  text += section("ENVIRONMENT");
  text += item("BELAY_PLUGIN_PATH", "folders searched for plugins before the configured ones", {});
  text += item("NO_COLOR", "no colour on a terminal", {});
  return text + see_also("belay");
}

}  // namespace

std::vector<std::string> manual_pages() {
  std::vector<std::string> names{"belay"};
  for (const Command* command : offered_commands()) names.push_back(page_name(*command));
  return names;
}

std::string manual_page(const std::string& name) {
  if (name == "belay") return program_page();
  for (const Command* command : offered_commands()) {
    if (page_name(*command) == name) return command_page(*command);
  }
  return "";
}

}  // namespace belay::cli
