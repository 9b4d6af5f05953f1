#include "completion.hpp"

#include <gtest/gtest.h>

#include "completion_table.hpp"
#include "processes.hpp"

namespace belay::cli {
namespace {

/// A `belay` that knows some names, for scripts to ask.
constexpr const char* names = R"(#!/bin/sh
[ "$1" = words ] || exit 2
[ "$3" = --config ] && [ "$4" = other.toml ] && { echo other; exit; }
case $2 in
  routes) printf 'compression\nauto\n' ;;
  targets) printf 'p\np/qwen3:8b\nc/$(touch owned)\n' ;;
  providers) printf 'p\nc\n' ;;
  credentials) printf 'p\np#main\n' ;;
esac
)";

struct Typed {
  std::string line;
  std::string words;  ///< as bash splits the line, the last one being completed
  std::string offered;
};

/// What bash would offer, the candidates separated by spaces.
std::string offered_by_bash(const Folder& folder, const Typed& typed) {
  const std::string script = folder.with("try", "PATH=" + folder.path("bin") + ":$PATH\nsource " + folder.path("belay.bash") +
                                                    "\nCOMP_LINE='" + typed.line + "'\nCOMP_POINT=${#COMP_LINE}\nCOMP_WORDS=(" + typed.words +
                                                    ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_belay\necho \"${COMPREPLY[*]}\"\n");
  const Ended ended = shell("cd " + folder.path("") + " && bash --norc " + script);
  EXPECT_EQ(ended.err, "") << typed.line;
  return ended.out.substr(0, ended.out.find('\n'));
}

TEST(Completion, BashOffersWhatFits) {
  const Folder folder;
  (void)folder.with("belay.bash", bash_completion());
  std::filesystem::permissions(folder.with("bin/belay", names), std::filesystem::perms::owner_all);
  const std::vector<Typed> table = {
      {"belay pl", "belay pl", "plugins"},
      {"belay --v", "belay --v", "--version"},
      {"belay plugins ", "belay plugins ''", "inspect new"},
      {"belay plugins inspect --", "belay plugins inspect --", "--json --config --log --help"},
      {"belay credential ", "belay credential ''", "refresh login"},
      {"belay credential refresh p", "belay credential refresh p", "p p#main"},
      {"belay call --route ", "belay call --route ''", "compression auto"},
      {"belay call --route=co", "belay call --route = co", "compression"},
      {"belay call --route=", "belay call --route =", "compression auto"},
      {"belay call --target p/qwen3:", "belay call --target p/qwen3 :", "8b"},
      {"belay call --target=p/qwen3:8", "belay call --target = p/qwen3 : 8", "8b"},
      {"belay call --deadline ", "belay call --deadline ''", ""},
      {"belay explain --if quota", "belay explain --if quota", "quota_exhausted"},
      {"belay call --stream --js", "belay call --stream --js", "--json"},
      {"belay --config other.toml call --route ", "belay --config other.toml call --route ''", "other"},
      {"belay call --config=other.toml --route ", "belay call --config = other.toml --route ''", "other"},
      {"belay completion ", "belay completion ''", "bash zsh fish"},
      {"belay help cr", "belay help cr", "credential"},
      {"belay call --trace belay.b", "belay call --trace belay.b", "belay.bash"},
  };
  for (const Typed& row : table) EXPECT_EQ(offered_by_bash(folder, row), row.offered) << row.line;
}

// Names come from a configuration file: they are shown, never run.
TEST(Completion, BashExpandsNoName) {
  const Folder folder;
  (void)folder.with("belay.bash", bash_completion());
  std::filesystem::permissions(folder.with("bin/belay", names), std::filesystem::perms::owner_all);
  EXPECT_EQ(offered_by_bash(folder, {"belay call --target c", "belay call --target c", ""}), "c/$(touch");
  EXPECT_FALSE(std::filesystem::exists(folder.path("owned")));
}

TEST(Completion, TheShellsReadTheirScripts) {
  const Folder folder;
  struct Shell {
    std::string program, check, script;
  };
  for (const Shell& one : {Shell{"bash", "bash -n ", bash_completion()}, Shell{"zsh", "zsh -n ", zsh_completion()},
                           Shell{"fish", "fish --no-execute ", fish_completion()}}) {
    if (!installed(one.program)) continue;
    const Ended ended = shell(one.check + folder.with("script", one.script));
    EXPECT_EQ(ended.code, 0) << one.program;
    EXPECT_EQ(ended.err, "") << one.program;
  }
}

TEST(Completion, EveryScriptKnowsEveryCommandAndOption) {
  for (const std::string& script : {bash_completion(), zsh_completion(), fish_completion()}) {
    for (const Command* command : offered_commands()) {
      EXPECT_NE(script.find(command->name.substr(command->name.find(' ') + 1)), std::string::npos) << command->name;
      for (const Option& option : command->options)
        EXPECT_NE(script.find(option.name.substr(2)), std::string::npos) << command->name << " " << option.name;
    }
    EXPECT_EQ(script.find("refresh-child"), std::string::npos);
  }
}

}  // namespace
}  // namespace belay::cli
