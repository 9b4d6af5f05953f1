#include "fallback/holds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace belay::fallback::test {
namespace {

using testing::SizeIs;

class Holds : public testing::Test {
 protected:
  FakeClock clock;
  std::unique_ptr<state::State> state = *state::open("memory:");
  HoldBook book{*state, clock, {.overloaded = Millis(2000)}};
  const HoldKey key = target_key("p", "m");

  Millis place(UnixMs began) { return book.place({.key = key, .reason = Reason::overloaded, .told = {}, .at_most = {}, .until_secret = false, .generation = 0, .message = "busy", .attempt_began = began}); }
};

TEST_F(Holds, ConcurrentFailuresOfOneOutageCountOnce) {
  const UnixMs began = clock.unix_ms();

  EXPECT_EQ(place(began), Millis(2000));
  clock.advance(Millis(500));
  EXPECT_EQ(place(began), Millis(1500)) << "it began before the hold: the same outage, seen by another call";
}

TEST_F(Holds, OneProbeAtATimeAndItsLeaseEnds) {
  place(clock.unix_ms());
  clock.advance(Millis(2001));

  EXPECT_EQ(HoldBook::gate(*book.find(key), clock.unix_ms()), Gate::probe);
  EXPECT_TRUE(book.begin_probe(key, "a", Millis(1000)));
  EXPECT_FALSE(book.begin_probe(key, "b", Millis(1000)));
  clock.advance(Millis(1001));
  EXPECT_TRUE(book.begin_probe(key, "b", Millis(1000))) << "a died in its probe";
}

TEST_F(Holds, EndProbeLetsTheNextOneTry) {
  place(clock.unix_ms());
  clock.advance(Millis(2001));
  book.begin_probe(key, "a", Millis(60'000));

  book.end_probe(key, "a");

  EXPECT_TRUE(book.begin_probe(key, "b", Millis(1000)));
}

TEST_F(Holds, AnotherBookOnTheSameStateSeesThemAtOnce) {
  HoldBook other(*state, clock, {});
  EXPECT_FALSE(other.find(key));

  place(clock.unix_ms());
  ASSERT_TRUE(other.find(key));
  EXPECT_EQ(other.find(key)->message, "busy");
  other.clear(key);

  EXPECT_FALSE(book.find(key));
}

TEST_F(Holds, LiftEndsThoseThatArePicked) {
  const auto hold = [this](const HoldKey& what) { book.place({.key = what, .reason = Reason::quota_exhausted, .told = {}, .at_most = {}, .until_secret = false, .generation = 1, .message = "", .attempt_began = 0}); };
  hold(target_key("p", "m"));
  hold(credential_key("p", "k1", "id1", "https://p.example"));
  hold(credential_model_key("p", "k1", "id1", "https://p.example", "m"));
  hold(target_key("q", "m"));

  EXPECT_EQ(*book.lift([](const HoldKey& key) { return key.of_secret("id1", "https://elsewhere.example"); }), 0);
  EXPECT_EQ(*book.lift([](const HoldKey& key) { return key.of_secret("id1", "https://p.example"); }), 2);
  EXPECT_EQ(*book.lift([](const HoldKey& key) { return key.provider == "p"; }), 1);
  EXPECT_THAT(book.all(), SizeIs(1));
}

TEST_F(Holds, LongAndStrangeNamesMakeLegalKeys) {
  const HoldKey strange = target_key(std::string(300, 'x'), "org/model:free\n\xc3\xa9");
  book.place({.key = strange, .reason = Reason::overloaded, .told = {}, .at_most = {}, .until_secret = false, .generation = 0, .message = "", .attempt_began = 0});

  EXPECT_TRUE(book.find(strange));
  EXPECT_FALSE(book.find(target_key(std::string(300, 'x'), "org/model:free")));
}

TEST_F(Holds, ADamagedRecordHoldsNobody) {
  ASSERT_TRUE(state->put("hold/" + key.key, "{\"reason\":\"nonsense\"}", Durable::no));
  EXPECT_FALSE(book.find(key));
}

TEST_F(Holds, AStrikeOfAnOlderSecretSaysNothingOfTheNewOne) {
  const HoldKey credential = credential_key("p", "k", "id", "https://p.example");
  const auto strike = [&](std::uint64_t generation) {
    clock.advance(std::chrono::hours(2));
    return book.place({.key = credential, .reason = Reason::auth_rejected, .told = {}, .at_most = {}, .until_secret = false, .generation = generation, .message = "", .attempt_began = clock.unix_ms()});
  };
  EXPECT_EQ(strike(1), Millis(600'000));
  EXPECT_EQ(strike(1), Millis(1'200'000));
  EXPECT_EQ(strike(2), Millis(600'000));
}

}  // namespace
}  // namespace belay::fallback::test
