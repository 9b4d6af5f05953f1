#include "completion_table.hpp"

#include <algorithm>

#include "lists.hpp"

namespace belay::cli {

std::vector<const Command*> offered_commands() {
  std::vector<const Command*> offered;
  for (const Command* command : commands()) {
    if (!command->hidden) offered.push_back(command);
  }
  return offered;
}

std::vector<std::string> first_words() {
  std::vector<std::string> words;
  for (const Command* command : offered_commands()) {
    const std::string word(command->name.substr(0, command->name.find(' ')));
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

std::vector<const Command*> commands_below(std::string_view first) {
  std::vector<const Command*> below;
  for (const Command* command : offered_commands()) {
    if (command->name.starts_with(std::string(first) + " ")) below.push_back(command);
  }
  return below;
}

std::string about_first_word(const std::string& first) {
  if (const Command* own = command_named(first); own != nullptr) return std::string(own->summary);
  std::vector<std::string> words;
  for (const Command* command : commands_below(first)) words.emplace_back(command->name.substr(first.size() + 1));
  return joined(words);
}

const Command* command_named(std::string_view name) {
  for (const Command* command : offered_commands()) {
    if (command->name == name) return command;
  }
  return nullptr;
}

std::vector<Option> options_of(const Command& command) {
  std::vector<Option> options(command.options.begin(), command.options.end());
  options.insert(options.end(), common_options().begin(), common_options().end());
  return options;
}

std::vector<Option> options_with_value() {
  std::vector<Option> options;
  for (const Command* command : offered_commands()) {
    for (const Option& option : options_of(*command)) {
      const bool known =
          std::any_of(options.begin(), options.end(), [&](const Option& one) { return one.name == option.name; });
      if (!option.value.empty() && !known) options.push_back(option);
    }
  }
  return options;
}

std::string_view kind_of_words(Offer offer) {
  switch (offer) {
    case Offer::route:
      return "routes";
    case Offer::target:
      return "targets";
    case Offer::provider:
      return "providers";
    case Offer::credential:
      return "credentials";
    case Offer::nothing:
    case Offer::choices:
    case Offer::file:
    case Offer::folder:
      return "";
  }
  return "";
}

}  // namespace belay::cli
