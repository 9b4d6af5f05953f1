#include "folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "temp_folder.hpp"

namespace belay::state {
namespace {

using test::TempFolder;

TEST(Folder, ReadsWhatWasWrittenAndNothingElse) {
  const TempFolder temp;
  const auto folder = Folder::open(temp.path());
  ASSERT_TRUE(folder);
  ASSERT_TRUE(folder->write("area/file", "content", Durable::yes));

  EXPECT_EQ(**folder->read("area/file", 100), "content");
  EXPECT_EQ(*folder->read("area/other", 100), std::nullopt);
  EXPECT_EQ(*folder->read("other/file", 100), std::nullopt);
  EXPECT_FALSE(folder->read("area/file", 6));
}

TEST(Folder, RemoveTellsWhetherThereWasOne) {
  const TempFolder temp;
  const auto folder = Folder::open(temp.path());
  ASSERT_TRUE(folder->write("area/file", "x", Durable::no));

  EXPECT_TRUE(*folder->remove("area/file", Durable::yes));
  EXPECT_FALSE(*folder->remove("area/file", Durable::yes));
  EXPECT_FALSE(*folder->remove("none/file", Durable::no));
}

TEST(Folder, TouchKeepsWhatIsThere) {
  const TempFolder temp;
  const auto folder = Folder::open(temp.path());
  ASSERT_TRUE(folder->touch("file"));
  EXPECT_EQ(**folder->read("file", 10), "");
  ASSERT_TRUE(folder->write("file", "x", Durable::no));

  ASSERT_TRUE(folder->touch("file"));

  EXPECT_EQ(**folder->read("file", 10), "x");
}

TEST(Folder, ListsWhatStandsInAnArea) {
  const TempFolder temp;
  const auto folder = Folder::open(temp.path());
  ASSERT_TRUE(folder->write("area/one", "x", Durable::no));
  ASSERT_TRUE(folder->write("area/two", "x", Durable::no));

  auto names = folder->list("area");

  ASSERT_TRUE(names);
  std::sort(names->begin(), names->end());
  EXPECT_EQ(*names, (std::vector<std::string>{".", "..", "one", "two"}));
  EXPECT_TRUE(folder->list("none")->empty());
}

}  // namespace
}  // namespace belay::state
