// Command: one row of the table that the parser, the help, the completion scripts and the manual pages are all made
// from. Each command has a file cmd_NAME.cpp with its row and its function.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console.hpp"

namespace belay::cli {

/// What a shell offers for a value.
enum class Offer { nothing, choices, file, folder, route, target, provider, credential };

struct Option {
  std::string_view name;   ///< "--route"
  std::string_view value;  ///< "ROUTE"; empty: a switch
  std::string_view about;  ///< one sentence without full stop
  Offer offer = Offer::nothing;
  std::string_view choices = {};  ///< "bash zsh fish": anything else is refused
};

struct Operand {
  std::string_view name;  ///< "TEXT"
  std::string_view about;
  bool required = false;
  Offer offer = Offer::nothing;
  std::string_view choices = {};
};

struct Example {
  std::string_view line;
  std::string_view about;
};

/// What was typed, already checked against the command's row.
class Arguments {
 public:
  void set(std::string_view option, std::string value) { options_[std::string(option)] = std::move(value); }
  void add_operand(std::string text) { operands_.push_back(std::move(text)); }

  [[nodiscard]] bool has(std::string_view option) const { return options_.contains(option); }
  [[nodiscard]] std::optional<std::string> value(std::string_view option) const {
    const auto found = options_.find(option);
    if (found == options_.end()) return std::nullopt;
    return found->second;
  }
  [[nodiscard]] std::optional<std::string> operand(std::size_t at) const {
    if (at >= operands_.size()) return std::nullopt;
    return operands_[at];
  }

 private:
  std::map<std::string, std::string, std::less<>> options_;
  std::vector<std::string> operands_;
};

struct Command {
  std::string_view name;            ///< "credential refresh"
  std::string_view summary;         ///< one line
  std::string_view about;           ///< paragraphs separated by an empty line, for the manual page and --help
  std::span<const Option> options;  ///< beside the common ones
  std::span<const Operand> operands;
  std::span<const Example> examples;
  bool hidden = false;  ///< for belay itself; not shown
  int (*run)(const Arguments& arguments, Console& console) = nullptr;
};

/// --config, --log, --help: every command has them.
std::span<const Option> common_options();

/// All commands in the order in which people meet them.
std::span<const Command* const> commands();
/// The command whose name is the first words of `words`, and how many words that took; null if none.
struct Found {
  const Command* command = nullptr;
  std::size_t words = 0;
};
Found find_command(std::span<const std::string> words);

/// The words of a list "bash zsh fish".
std::vector<std::string> words_of(std::string_view list);

}  // namespace belay::cli
