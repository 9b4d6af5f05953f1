#include "commands.hpp"

#include <algorithm>

namespace belay::cli {
namespace {

constexpr Option common[] = {
    {"--config", "FILE", "read only this configuration file and what it includes", Offer::file},
    {"--log", "LEVEL", "how much to tell on stderr", Offer::choices, "trace debug info warn error off"},
    {"--help", "", "what the command does and its options"},
};

constexpr const Command* table[] = {
    &call_command,
    &serve_command,
    &explain_command,
    &check_command,
    &plugins_command,
    &plugins_inspect_command,
    &plugins_new_command,
    &status_command,
    &reset_command,
    &credential_refresh_command,
    &credential_login_command,
    &completion_command,
    &help_command,
    &refresh_child_command,
    &plugins_try_child_command,
    &words_command,
    &man_command,
};

}  // namespace

std::span<const Option> common_options() { return common; }

std::span<const Command* const> commands() { return table; }

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end > 0) words.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return words;
}

Found find_command(std::span<const std::string> words) {
  Found best;
  for (const Command* command : commands()) {
    const auto name = words_of(command->name);
    if (name.size() > words.size() || name.size() <= best.words) continue;
    if (std::equal(name.begin(), name.end(), words.begin())) best = {command, name.size()};
  }
  return best;
}

}  // namespace belay::cli
