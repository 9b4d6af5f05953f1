#include "help.hpp"

#include <algorithm>

#include "completion_table.hpp"
#include "lists.hpp"
#include "table.hpp"

namespace belay::cli {
namespace {

constexpr ExitMeaning meanings[] = {
    {"0", "answered"},
    {"1", "internal error, or the answer could not be written"},
    {"2", "usage or configuration"},
    {"3", "every allowed target failed"},
    {"4", "the request was refused: the request itself is at fault"},
    {"5", "the deadline passed"},
    {"130", "interrupted (143: by SIGTERM, 129: by SIGHUP)"},
};

std::size_t text_width(const Screen& screen) {
  return screen.width == 0 ? 100 : std::clamp<std::size_t>(screen.width, 40, 100);
}

void add_paragraphs(std::string& out, std::string_view text, const Screen& screen) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    for (const std::string& line : wrapped(text.substr(0, end), text_width(screen))) out += line + "\n";
    out += '\n';
    text.remove_prefix(std::min(end + 2, text.size()));
  }
}

void add_heading(std::string& out, const Screen& screen, std::string_view title) {
  out += paint(screen, Ink::bold, title) + "\n";
}

/// Parts on as few lines as it takes, none broken; all but the first stand under each other.
void add_usage(std::string& out, const std::vector<std::string>& parts, const Screen& screen) {
  out += "  " + parts.front();
  const std::size_t left = 2 + columns(parts.front());
  std::size_t used = left;
  for (std::size_t n = 1; n < parts.size(); ++n) {
    const std::size_t width = 1 + columns(parts[n]);
    if (used + width > text_width(screen) && used > left) {
      out += "\n" + std::string(left, ' ');
      used = left;
    }
    out += " " + parts[n];
    used += width;
  }
  out += "\n\n";
}

/// Names in one column, what they mean in the next, wrapped under itself.
void add_list(std::string& out, const std::vector<std::pair<std::string, std::string>>& rows, const Screen& screen) {
  std::size_t width = 0;
  for (const auto& [name, about] : rows) width = std::max(width, columns(name));
  width = std::min<std::size_t>(width, 28);
  const std::size_t left = width + 4;
  const std::size_t room = text_width(screen) > left + 20 ? text_width(screen) - left : 20;
  for (const auto& [name, about] : rows) {
    out += "  " + paint(screen, Ink::bold, name);
    if (columns(name) > width) {
      out += "\n" + std::string(left, ' ');
    } else {
      out.append(left - 2 - columns(name), ' ');
    }
    const auto lines = wrapped(about, room);
    for (std::size_t n = 0; n < lines.size(); ++n) out += (n == 0 ? "" : std::string(left, ' ')) + lines[n] + "\n";
  }
}

std::string about_with_choices(std::string_view about, std::string_view choices) {
  std::string text(about);
  if (choices.empty()) return text;
  return text + ": " + joined(words_of(choices));
}

}  // namespace

std::span<const ExitMeaning> exit_meanings() { return meanings; }

std::string spelling(const Option& option) {
  std::string text = option.name == "--help" ? "-h, --help" : std::string(option.name);
  if (!option.value.empty()) text += " " + std::string(option.value);
  return text;
}

std::vector<std::string> synopsis(const Command& command) {
  std::vector<std::string> parts{"belay " + std::string(command.name)};
  for (const Option& option : command.options) parts.push_back("[" + spelling(option) + "]");
  for (const Operand& operand : command.operands) {
    const std::string name(operand.name);
    parts.push_back(operand.required ? name : "[" + name + "]");
  }
  return parts;
}

std::string command_help(const Command& command, const Screen& screen) {
  std::string out;
  add_paragraphs(out, std::string(command.summary), screen);
  add_heading(out, screen, "usage");
  add_usage(out, synopsis(command), screen);
  add_paragraphs(out, command.about, screen);
  if (!command.operands.empty()) {
    add_heading(out, screen, "arguments");
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Operand& operand : command.operands)
      rows.emplace_back(operand.name, about_with_choices(operand.about, operand.choices));
    add_list(out, rows, screen);
    out += '\n';
  }
  add_heading(out, screen, "options");
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto options : {command.options, common_options()}) {
    for (const Option& option : options)
      rows.emplace_back(spelling(option), about_with_choices(option.about, option.choices));
  }
  add_list(out, rows, screen);
  if (!command.examples.empty()) {
    out += '\n';
    add_heading(out, screen, "examples");
    for (const Example& example : command.examples) {
      out += "  " + std::string(example.line) + "\n";
      for (const std::string& line : wrapped(example.about, text_width(screen) - 6))
        out += "      " + paint(screen, Ink::dim, line) + "\n";
    }
  }
  return out;
}

std::string group_help(const std::string& first, const Screen& screen) {
  std::string out;
  add_heading(out, screen, "commands");
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Command* command : commands_below(first)) rows.emplace_back(command->name, command->summary);
  add_list(out, rows, screen);
  out += "\nbelay COMMAND --help tells more of one\n";
  return out;
}

std::string program_help(const Screen& screen) {
  std::string out;
  add_paragraphs(out,
                 "belay keeps an LLM call from falling: credential refresh first, then the next provider, everything "
                 "in a trace.",
                 screen);
  add_heading(out, screen, "commands");
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Command* command : offered_commands()) rows.emplace_back(command->name, command->summary);
  add_list(out, rows, screen);
  out += '\n';
  add_heading(out, screen, "options");
  add_list(out, {{"-h, --help", "this text; `belay COMMAND --help` for one command"}, {"--version", "the version"}},
           screen);
  out += '\n';
  add_heading(out, screen, "exit codes");
  rows.clear();
  for (const ExitMeaning& exit : exit_meanings()) rows.emplace_back(exit.code, exit.meaning);
  add_list(out, rows, screen);
  out += "\nbegin with:  belay check\n       then:  belay call --route ROUTE \"a question\"\n";
  return out;
}

}  // namespace belay::cli
