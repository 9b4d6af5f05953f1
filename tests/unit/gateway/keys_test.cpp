// Who may call.
#include "keys.hpp"

#include <gtest/gtest.h>

namespace belay::gateway {
namespace {

runtime::GatewayKey key(std::string name, std::string_view value, std::vector<std::string> routes = {}) {
  runtime::GatewayKey out;
  out.name = std::move(name);
  out.sha256 = to_hex(sha256(value));
  out.routes = std::move(routes);
  return out;
}

TEST(Keys, AreFoundByTheirDigest) {
  Meters meters;
  const KeyRing ring({key("ci", "bk-one"), key("dev", "bk-two")}, meters);
  ASSERT_NE(ring.find("bk-two"), nullptr);
  EXPECT_EQ(ring.find("bk-two")->name, "dev");
  EXPECT_EQ(ring.find("bk-one")->name, "ci");
  EXPECT_EQ(ring.find("bk-three"), nullptr);
  EXPECT_EQ(ring.find(""), nullptr);
  EXPECT_TRUE(KeyRing({}, meters).empty());
}

TEST(Keys, WithRoutesCallThoseAndNothingElse) {
  Meters meters;
  const KeyRing ring({key("ci", "a", {"compression"}), key("dev", "b")}, meters);
  const Key& ci = *ring.find("a");
  EXPECT_TRUE(ci.may_call("compression", false));
  EXPECT_FALSE(ci.may_call("chat", false));
  EXPECT_FALSE(ci.may_call("compression", true)) << "a target of that name";
  EXPECT_TRUE(ring.find("b")->may_call("chat", false));
  EXPECT_TRUE(ring.find("b")->may_call("p/m", true));
}

TEST(RecentKeys, FindWhatTheRingFinds) {
  Meters meters;
  std::vector<runtime::GatewayKey> keys;
  for (int i = 0; i < 20; ++i) keys.push_back(key("k" + std::to_string(i), "bk-" + std::to_string(i)));
  const KeyRing ring(keys, meters);
  RecentKeys recent;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 20; ++i) {
      const std::string shown = "bk-" + std::to_string(i);
      EXPECT_EQ(recent.find(ring, shown), ring.find(shown));
      EXPECT_EQ(recent.find(ring, shown), ring.find(shown)) << "the second time";
      EXPECT_EQ(recent.find(ring, shown + "x"), nullptr);
      EXPECT_EQ(recent.find(ring, ""), nullptr);
    }
  }
}

TEST(RecentKeys, ForgetThoseOfAnotherRing) {
  Meters meters;
  const KeyRing old({key("ci", "bk-one")}, meters), now({key("dev", "bk-two")}, meters);
  RecentKeys recent;
  EXPECT_NE(recent.find(old, "bk-one"), nullptr);
  recent.clear();
  EXPECT_EQ(recent.find(now, "bk-one"), nullptr);
  EXPECT_EQ(recent.find(now, "bk-two")->name, "dev");
}

TEST(Keys, AreShownInOneOfThreeHeaders) {
  EXPECT_EQ(presented_key("Bearer bk-one", "", ""), "bk-one");
  EXPECT_EQ(presented_key("bearer  bk-one", "other", ""), "bk-one");
  EXPECT_EQ(presented_key("", "bk-two", "bk-three"), "bk-two");
  EXPECT_EQ(presented_key("", "", "bk-three"), "bk-three");
  EXPECT_EQ(presented_key("Basic dXNlcg==", "", ""), "");
  EXPECT_EQ(presented_key("Bearer ", "", ""), "");
}

TEST(Keys, WithoutLimitsHaveNoMeter) {
  Meters meters;
  auto limited = key("ci", "a");
  limited.max_concurrency = 1;
  const KeyRing ring({limited, key("dev", "b")}, meters);
  EXPECT_NE(ring.find("a")->meter, nullptr);
  EXPECT_EQ(ring.find("b")->meter, nullptr);
}

TEST(Keys, KeepTheirMeterOverAReload) {
  Meters meters;
  auto limited = key("ci", "a");
  limited.max_concurrency = 1;
  const KeyRing before({limited}, meters), after({limited}, meters);
  EXPECT_EQ(before.find("a")->meter, after.find("a")->meter);
}

}  // namespace
}  // namespace belay::gateway
