#include "key.hpp"

#include <gtest/gtest.h>

#include <random>

namespace belay::state {
namespace {

TEST(Key, BecomesAFileName) {
  EXPECT_EQ(*record_path("hold/target/a b"), "hold/target+a%20b.json");
  EXPECT_EQ(*record_path("grant/.x"), "grant/%2Ex.json");
  EXPECT_EQ(*record_path("note/a+b%"), "note/a%2Bb%25.json");
}

TEST(Key, ComesBackFromItsFileName) {
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string key = "note/";
    for (std::size_t size = 1 + random() % 40; size > 0; --size) key += static_cast<char>(random() % 256);
    const auto path = record_path(key);
    ASSERT_TRUE(path);
    EXPECT_EQ(path->find('/'), path->rfind('/'));
    EXPECT_EQ(key_of("note", path->substr(5)), key);
  }
}

TEST(Key, OnlyNamesThatWeMakeAreKeys) {
  for (const char* name : {"x", "x.json.new", ".json", "..", "a b.json", "%zz.json", "%2.json", "%61.json", ".x.json",
                           "x.JSON", "%2f.json"})
    EXPECT_EQ(key_of("note", name), std::nullopt) << name;
}

TEST(Key, OfTheLongestNameFits) {
  EXPECT_TRUE(record_path("note/" + std::string(240, 'x')));
  EXPECT_FALSE(record_path("note/" + std::string(241, 'x')));
  EXPECT_FALSE(record_path("note/" + std::string(81, ' ')));
}

TEST(Key, AreasAreWordsThatTheBackendDoesNotUse) {
  EXPECT_TRUE(is_area("hold"));
  for (const char* word : {"", "locks", "leases", "salt", "version", ".", "..", "a/b", "A", "a1", "a.b"})
    EXPECT_FALSE(is_area(word)) << word;
}

}  // namespace
}  // namespace belay::state
