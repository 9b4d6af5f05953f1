#include "page.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <set>

#include "state_folder.hpp"

namespace belay::state {
namespace {

std::unique_ptr<Page> page_in(const test::TempFolder& folder) {
  const auto path = folder / "version";
  const Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  auto page = Page::in_file(file, path);
  EXPECT_TRUE(page) << page.error().message;
  return page ? std::move(*page) : nullptr;
}

TEST(Page, TwoMappingsOfOneFileAreOne) {
  const test::TempFolder folder;
  const auto a = page_in(folder), b = page_in(folder);

  a->changed("hold");
  b->count("pool", 3);

  EXPECT_EQ(b->version(), 1u);
  EXPECT_EQ(b->version("hold"), 1u);
  EXPECT_EQ(a->count("pool", 0), 3u);
}

TEST(Page, ChangesOfOtherProcessesAreSeen) {
  const test::TempFolder folder;
  const auto page = page_in(folder);
  std::vector<pid_t> children;
  for (int child = 0; child < 4; ++child) {
    children.push_back(test::in_process([&] {
      const auto own = page_in(folder);
      for (int i = 0; i < 10'000; ++i) {
        own->changed("grant");
        own->count("pool", 1);
      }
      return true;
    }));
  }
  for (const pid_t child : children) EXPECT_TRUE(test::ended_well(child));

  EXPECT_EQ(page->version("grant"), 40'000u);
  EXPECT_EQ(page->count("pool", 0), 40'000u);
}

TEST(Page, EverythingChangedIsEveryArea) {
  const auto page = Page::in_memory();
  const auto hold = page->version("hold"), grant = page->version("grant");

  page->everything_changed();

  EXPECT_GT(page->version("hold"), hold);
  EXPECT_GT(page->version("grant"), grant);
}

TEST(Page, AreasInUseHaveWordsOfTheirOwn) {
  for (const char* changed : {"hold", "grant", "credential", "counter", "learned", "note"}) {
    const auto page = Page::in_memory();
    page->changed(changed);
    for (const char* other : {"hold", "grant", "credential", "counter", "learned", "note"}) {
      if (std::string(other) == changed) continue;
      EXPECT_EQ(page->version(other), 0u) << changed << " and " << other;
    }
  }
}

TEST(Page, MoreCountersThanItHoldsShareButStillCount) {
  const auto page = Page::in_memory();
  for (int i = 0; i < 500; ++i) page->count("pool/" + std::to_string(i), 1);

  for (int i = 0; i < 500; ++i) EXPECT_GE(page->count("pool/" + std::to_string(i), 0), 1u) << i;
}

}  // namespace
}  // namespace belay::state
