#include "search.hpp"

#include "fixtures.hpp"

namespace belay::plugins {
namespace {

TEST(Search, NamesAreSortedInEachFolder) {
  TempDir first, second;
  for (const auto* name : {"c.so", "a.so", "b.so"}) first.put(name, "x");
  second.put("a.so", "x");

  EXPECT_THAT(find_files({second.path(), first.path()}).files,
              testing::ElementsAre(second / "a.so", first / "a.so", first / "b.so", first / "c.so"));
}

TEST(Search, OnlySharedObjectsOfTheFolderItself) {
  TempDir dir;
  for (const auto* name : {"a.so", "a.so.1", "note.txt", ".hidden.so"}) dir.put(name, "x");
  std::filesystem::create_directory(dir / "below");

  EXPECT_THAT(find_files({dir.path()}).files, testing::ElementsAre(dir / "a.so"));
}

TEST(Search, MissingFolderIsOnlyNoted) {
  TempDir dir;
  dir.put("a.so", "x");
  const auto found = find_files({dir / "none", dir.path()});

  EXPECT_THAT(found.files, testing::ElementsAre(dir / "a.so"));
  EXPECT_THAT(found.looked, testing::ElementsAre(dir / "none" + " (No such file or directory)", dir.path()));
}

TEST(Search, FolderNamedTwiceIsReadOnce) {
  TempDir dir;
  dir.put("a.so", "x");

  EXPECT_EQ(find_files({dir.path(), dir.path() + "/."}).files.size(), 1u);
}

}  // namespace
}  // namespace belay::plugins
