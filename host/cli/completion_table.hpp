// What the three completion scripts need to know, read off the command table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"

namespace belay::cli {

/// The commands that are offered.
std::vector<const Command*> offered_commands();
/// The first words of all of them, each once, in order: "call", "plugins", "credential".
std::vector<std::string> first_words();
/// The second words that may follow `first`: "inspect", "new".
std::vector<const Command*> commands_below(std::string_view first);
/// What is said of a first word: its command's summary, or its second words.
std::string about_first_word(const std::string& first);
/// The command whose name is exactly `name`, or null.
const Command* command_named(std::string_view name);

/// Its own options and the common ones.
std::vector<Option> options_of(const Command& command);
/// Every option of every offered command once, those with a value only.
std::vector<Option> options_with_value();

/// What `belay words` calls the names of this kind; empty for kinds that it does not know.
std::string_view kind_of_words(Offer offer);

}  // namespace belay::cli
