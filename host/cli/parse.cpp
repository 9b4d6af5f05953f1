#include "parse.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "lists.hpp"

namespace belay::cli {
namespace {

std::string quoted_word(std::string_view word) { return '"' + printable(word) + '"'; }

bool looks_like_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

/// An option as it was typed: its name, and what follows "=".
struct Typed {
  std::string_view name;
  std::optional<std::string_view> value;
};

Typed split(std::string_view word) {
  const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
  if (equals == std::string_view::npos) return {word == "-h" ? "--help" : word, std::nullopt};
  return {word.substr(0, equals), word.substr(equals + 1)};
}

const Option* find_option(const Command& command, std::string_view name) {
  for (const auto options : {command.options, common_options()}) {
    for (const Option& option : options) {
      if (option.name == name) return &option;
    }
  }
  return nullptr;
}

bool takes_text(const Command& command) { return !command.operands.empty() && command.operands.back().name == "TEXT"; }

Error unknown_option(const Command& command, std::string_view name, std::string_view word) {
  std::vector<std::string> known;
  for (const auto options : {command.options, common_options()}) {
    for (const Option& option : options) known.emplace_back(option.name);
  }
  const std::string meant = meant_by(name, known);
  std::string way_out = meant.empty() ? "" : " (did you mean " + meant + "?)";
  if (meant.empty() && takes_text(command)) way_out = " (put -- before a text that begins with a dash)";
  return fail("unknown option " + quoted_word(word) + way_out);
}

Result<void> check_choice(std::string_view what, std::string_view word, std::string_view choices) {
  if (choices.empty()) return {};
  const auto known = words_of(choices);
  if (std::find(known.begin(), known.end(), word) != known.end()) return {};
  return fail(std::string(what) + " can't be " + quoted_word(word) + " (one of " + joined(known) + ")");
}

/// One command's words, taken one by one.
class Parser {
 public:
  Parser(const Command& command, std::span<const std::string> words) : command_(command), words_(words) {}

  Result<Arguments> run() {
    bool only_operands = false;
    while (at_ < words_.size()) {
      const std::string& word = words_[at_++];
      if (only_operands || !looks_like_option(word)) {
        operands_.push_back(word);
      } else if (word == "--") {
        only_operands = true;
      } else if (auto taken = take_option(word); !taken) {
        return taken.error();
      }
    }
    if (arguments_.has("--help")) return arguments_;  // whatever is missing, help was asked for
    if (auto taken = take_operands(); !taken) return taken.error();
    return arguments_;
  }

 private:
  Result<void> take_option(const std::string& word) {
    const Typed typed = split(word);
    const Option* option = find_option(command_, typed.name);
    if (option == nullptr) return unknown_option(command_, typed.name, word);
    const std::string name(option->name);
    if (option->value.empty()) {
      if (typed.value) return fail(name + " takes no value");
      arguments_.set(name, "");
      return {};
    }
    if (!typed.value && at_ == words_.size()) return fail(name + " needs a value");
    if (arguments_.has(name)) return fail(name + " is given twice");
    std::string value = typed.value ? std::string(*typed.value) : words_[at_++];
    if (value.empty()) return fail(name + " needs a value");
    if (auto good = check_choice(name, value, option->choices); !good) return good.error();
    arguments_.set(name, std::move(value));
    return {};
  }

  Result<void> take_operands() {
    for (std::size_t n = 0; n < operands_.size(); ++n) {
      if (n >= command_.operands.size()) return one_too_many(operands_[n]);
      const Operand& operand = command_.operands[n];
      if (auto good = check_choice(operand.name, operands_[n], operand.choices); !good) return good.error();
      arguments_.add_operand(operands_[n]);
    }
    for (std::size_t n = operands_.size(); n < command_.operands.size(); ++n) {
      const Operand& operand = command_.operands[n];
      if (operand.required) return fail(std::string(operand.name) + " is missing: " + std::string(operand.about));
    }
    return {};
  }

  [[nodiscard]] Error one_too_many(const std::string& word) const {
    // `belay plugins insp`: the second word of a command's name, misspelt.
    std::vector<std::string> below;
    for (const Command* command : commands()) {
      if (!command->hidden && command->name.starts_with(std::string(command_.name) + " "))
        below.emplace_back(command->name.substr(command_.name.size() + 1));
    }
    if (const std::string meant = meant_by(word, below); !meant.empty())
      return fail("has no command " + quoted_word(word) + " (did you mean " + meant + "?)");
    if (command_.operands.empty()) return fail("takes no argument, but got " + quoted_word(word));
    return fail("one argument too many: " + quoted_word(word) +
                (takes_text(command_) ? " (quote a text that has several words)" : ""));
  }

  const Command& command_;
  const std::span<const std::string> words_;
  std::size_t at_ = 0;
  std::vector<std::string> operands_;
  Arguments arguments_;
};

}  // namespace

Result<Arguments> parse(const Command& command, std::span<const std::string> words) {
  auto parsed = Parser(command, words).run();
  if (parsed) return parsed;
  const std::string name(command.name);
  return fail(name + ": " + parsed.error().message + "; see belay " + name + " --help");
}

std::vector<std::string> command_first(std::span<const std::string> words) {
  std::vector<std::string> before;
  std::size_t at = 0;
  const auto common = common_options();
  while (at < words.size()) {
    const Typed typed = split(words[at]);
    const auto option = std::find_if(common.begin(), common.end(),
                                     [&](const Option& one) { return !one.value.empty() && one.name == typed.name; });
    if (option == common.end() || (!typed.value && at + 1 == words.size())) break;
    before.push_back(words[at++]);
    if (!typed.value) before.push_back(words[at++]);
  }
  std::vector<std::string> ordered(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
  // Right behind the command's name: behind a "--" they would be operands.
  const auto found = find_command(ordered);
  ordered.insert(ordered.begin() + static_cast<std::ptrdiff_t>(found.words), before.begin(), before.end());
  return ordered;
}

}  // namespace belay::cli
