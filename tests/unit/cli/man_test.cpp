#include "man.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "completion_table.hpp"
#include "processes.hpp"

namespace belay::cli {
namespace {

TEST(Man, EveryCommandHasAPageThatNamesItsOptions) {
  EXPECT_EQ(manual_pages().size(), offered_commands().size() + 1);
  for (const Command* command : offered_commands()) {
    std::string name = "belay-" + std::string(command->name);
    std::replace(name.begin(), name.end(), ' ', '-');
    const std::string page = manual_page(name);
    EXPECT_TRUE(page.starts_with(".TH ")) << name;
    for (const Option& option : options_of(*command)) {
      std::string roff(option.name);
      for (std::size_t at = 0; (at = roff.find('-', at)) != std::string::npos; at += 2) roff.insert(at, "\\");
      EXPECT_NE(page.find(roff), std::string::npos) << name << " " << option.name;
    }
  }
  EXPECT_EQ(manual_page("belay-proxy"), "");
}

/// A page as groff shows it, and what it has to complain about.
Ended shown(const std::string& page) {
  const Folder folder;
  return shell("groff -man -Tutf8 -ww -rLL=100n -P-cbou " + folder.with("page.1", page));
}

TEST(Man, PagesAreCleanRoff) {
  if (!installed("groff")) GTEST_SKIP() << "groff is not installed";
  for (const std::string& name : manual_pages()) {
    const Ended ended = shown(manual_page(name));
    EXPECT_EQ(ended.code, 0) << name;
    EXPECT_EQ(ended.err, "") << name;
  }
}

// .B groups its arguments by quotes and would drop these.
TEST(Man, ExamplesKeepTheirQuotes) {
  if (!installed("groff")) GTEST_SKIP() << "groff is not installed";
  const std::string text = shown(manual_page("belay-call")).out;
  EXPECT_NE(text.find("belay call \"why is the sky blue?\""), std::string::npos) << text;
}

}  // namespace
}  // namespace belay::cli
