// [route.NAME], [auto] and [holds].
#include <gmock/gmock.h>

#include "world.hpp"

namespace belay::config {
namespace {

using fallback::Reason;
using fallback::Verdict;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr auto providers = "[provider.a]\nplugin = \"x\"\nzone = \"local\"\n[provider.b]\nplugin = \"x\"\n";

TEST(Route, IsReadWhole) {
  World world;
  const Loaded loaded = world.load(std::string(providers) +
                                   "[route.r]\ntargets = [\"a\", \"b/vendor/m\", { target = \"a/big\", on = "
                                   "[\"capacity\", \"timed_out\"] }]\ndeadline = \"30s\"\nattempt_timeout = \"20s\"\n"
                                   "connect_timeout = \"1s\"\nfirst_token_timeout = \"2s\"\nidle_timeout = "
                                   "\"3s\"\nretry_after_max = \"0s\"\ntransient_retries = 0\nbackoff = \"1s\"\n"
                                   "retry_on_timeout = true\nmax_concurrency = 4\nrequires = [\"vision\", "
                                   "\"tools\"]\nmin_context = 64000\nallow_cost = [\"free\"]\n"
                                   "allow_zones = [\"local\", \"moon\"]\nparams = { temperature = 0.2, stop = [\"x\"] "
                                   "}\non = { content_refused = \"next_target\", rate_limited = \"give_up\" }\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_THAT(texts(loaded.warnings), IsEmpty());
  const auto& r = *loaded.settings.route("r");
  ASSERT_EQ(r.targets.size(), 3u);
  EXPECT_EQ(r.targets[1].provider, "b");
  EXPECT_EQ(r.targets[1].model, "vendor/m");
  EXPECT_EQ(r.targets[0].on, std::nullopt);
  EXPECT_TRUE(r.targets[2].on->test(static_cast<std::size_t>(Reason::quota_exhausted)));
  EXPECT_TRUE(r.targets[2].on->test(static_cast<std::size_t>(Reason::timed_out)));
  EXPECT_FALSE(r.targets[2].on->test(static_cast<std::size_t>(Reason::unreachable)));
  EXPECT_EQ(r.targets[2].place, (world.root() / "belay.toml").string() + ":7");
  EXPECT_EQ(r.deadline, Millis(30'000));
  EXPECT_EQ(r.attempt_timeout, Millis(20'000));
  EXPECT_EQ(r.connect_timeout, Millis(1'000));
  EXPECT_EQ(r.first_token_timeout, Millis(2'000));
  EXPECT_EQ(r.idle_timeout, Millis(3'000));
  EXPECT_EQ(r.retry_after_max, Millis(0));
  EXPECT_EQ(r.transient_retries, 0);
  EXPECT_EQ(r.backoff, Millis(1'000));
  EXPECT_TRUE(r.retry_on_timeout);
  EXPECT_EQ(r.max_concurrency, 4);
  EXPECT_EQ(r.min_context, 64000);
  EXPECT_THAT(r.requires_, ElementsAre("vision", "tools"));
  EXPECT_THAT(*r.allow_cost, ElementsAre("free"));
  EXPECT_THAT(*r.allow_zones, ElementsAre("local", "moon"));
  EXPECT_THAT(r.params, ElementsAre(Pair("temperature", "0.2"), Pair("stop", "[\"x\"]")));
  EXPECT_THAT(r.on, ElementsAre(Pair(Reason::rate_limited, Verdict::give_up),
                                Pair(Reason::content_refused, Verdict::next_target)));
}

TEST(Route, TargetsMayBeTablesOfTheirOwn) {
  World world;
  const Loaded loaded =
      world.load(std::string(providers) +
                 "[[route.r.targets]]\ntarget = \"a\"\n[[route.r.targets]]\ntarget = \"b\"\non = [\"any\"]\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_EQ(loaded.settings.route("r")->targets.size(), 2u);
  EXPECT_TRUE(loaded.settings.route("r")->targets[1].on->all());
}

TEST(Route, ATargetListedTwiceIsWarnedOf) {
  World world;
  EXPECT_THAT(texts(world.load(std::string(providers) + "[route.r]\ntargets = [\"a\", \"a/m\", \"a\"]\n").warnings),
              ElementsAre("belay.toml:7:24: route.r.targets: lists a target a second time, where a call will not try "
                          "it again (take it out)"));
}

TEST(Route, AZoneThatIsNearlyDeclaredIsWarnedOf) {
  World world;
  EXPECT_THAT(
      texts(world.load(std::string(providers) + "[route.r]\ntargets = [\"a\"]\nallow_zones = [\"locl\"]\n").warnings),
      ElementsAre(
          "belay.toml:8:16: route.r.allow_zones: no provider declares the zone \"locl\" (did you mean \"local\"?)"));
}

TEST(Auto, IsAnOrder) {
  World world;
  EXPECT_THAT(*world.load(std::string(providers) + "[auto]\nproviders = [\"b\", \"a\"]\n").settings.auto_providers,
              ElementsAre("b", "a"));
  EXPECT_EQ(world.load(providers).settings.auto_providers, std::nullopt);
}

TEST(Holds, AreReadWholeAndMayBeOff) {
  World world;
  const Loaded loaded = world.load(
      "[holds]\nauth = \"0s\"\nquota = \"1s\"\nrate = \"2s\"\noverloaded = \"3s\"\nendpoint = \"4s\"\nmodel = "
      "\"5s\"\nplugin = \"6s\"\nmax = \"7s\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_THAT(dump(loaded.settings), testing::HasSubstr("holds 0 1000 2000 3000 4000 5000 6000 7000\n"));
}

}  // namespace
}  // namespace belay::config
