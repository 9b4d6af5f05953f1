#include "counters.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace belay::gateway::sight {
namespace {

using gateway::test::plain;
using gateway::test::Sample;
using gateway::test::two_providers;
using Key = SeriesKey;

struct Counting : testing::Test {
  std::shared_ptr<const Names> names = names_of(two_providers(), nullptr);
  Counters counters;
  NameId p = names->providers.id("p"), c = names->providers.id("c"), r = names->routes.id("r");
};

TEST_F(Counting, ACallIsCountedByAllItsWords) {
  Sample sample;
  counters.count(sample.record, *names);
  counters.count(sample.record, *names);

  EXPECT_EQ(counters.requests.at(Key::pack(names->path("/v1/chat/completions"), 200, names->wires.id("openai.chat/1"),
                                           names->keys.id("ci"))),
            2u);
  EXPECT_EQ(counters.calls.at(Key::pack(r, static_cast<std::uint16_t>(fallback::Outcome::ok), 0)), 2u);
  EXPECT_EQ(counters.fallbacks.at(Key::pack(r, static_cast<std::uint16_t>(fallback::Reason::auth_rejected))), 2u);
  EXPECT_EQ(counters.attempts.at(Key::pack(p, names->model(p, "m"),
                                           static_cast<std::uint16_t>(fallback::Reason::auth_rejected),
                                           static_cast<std::uint16_t>(fallback::Verdict::next_target))),
            2u);
  EXPECT_EQ(counters.attempts.at(
                Key::pack(c, names->model(c, "m"), no_reason, static_cast<std::uint16_t>(fallback::Verdict::done))),
            2u);
  EXPECT_EQ(counters.refreshes.at(Key::pack(p, static_cast<std::uint16_t>(fallback::RefreshOutcome::failed_permanent))),
            2u);
  EXPECT_EQ(counters.tokens.at(Key::pack(c, names->model(c, "m"), static_cast<std::uint16_t>(TokenType::input))), 22u);
  EXPECT_EQ(counters.tokens.at(Key::pack(c, names->model(c, "m"), static_cast<std::uint16_t>(TokenType::output))), 14u);
  EXPECT_EQ(counters.tokens.at(Key::pack(c, names->model(c, "m"), static_cast<std::uint16_t>(TokenType::cached))), 8u);
  EXPECT_EQ(counters.tokens.size(), 3u) << "what was not told is not counted";
}

TEST_F(Counting, AFailedCallIsNoFallback) {
  Sample sample;
  sample.result.trace.outcome = fallback::Outcome::failed;
  sample.result.trace.served_by.reset();
  counters.count(sample.record, *names);
  EXPECT_TRUE(counters.fallbacks.empty());
  EXPECT_TRUE(counters.tokens.empty());
}

TEST_F(Counting, StrangersMakeNoNewSeries) {
  for (int i = 0; i < 100; ++i) {
    Sample sample;
    const std::string path = "/made/up/" + std::to_string(i), word = "w" + std::to_string(i);
    sample.record.path = path;
    sample.record.wire = word;
    sample.record.key = word;
    sample.result.trace.route = word;
    sample.result.trace.attempts[0].model = word;
    sample.result.trace.attempts[1].provider = word;
    sample.result.trace.served_by = fallback::ServedBy{word, word, word};
    counters.count(sample.record, *names);
  }
  EXPECT_EQ(counters.requests.size(), 1u);
  EXPECT_EQ(counters.calls.size(), 1u);
  EXPECT_EQ(counters.attempts.size(), 2u);
  EXPECT_EQ(counters.tokens.size(), 3u);
}

TEST_F(Counting, AnOverheadFallsIntoItsBucket) {
  Sample sample;
  sample.record.overhead = std::chrono::microseconds(50);  // bounds are inclusive
  counters.count(sample.record, *names);
  sample.record.overhead = std::chrono::nanoseconds(50'001);
  counters.count(sample.record, *names);
  sample.record.overhead = std::chrono::seconds(1);
  counters.count(sample.record, *names);

  EXPECT_EQ(counters.overhead.count(2), 1u);
  EXPECT_EQ(counters.overhead.count(3), 1u);
  EXPECT_EQ(counters.overhead.count(bounds::overhead.size()), 1u);
  EXPECT_NEAR(counters.overhead.sum_seconds(), 1.000100001, 1e-9);
}

TEST_F(Counting, ARequestThatIsNoCallHasNoCallSeries) {
  counters.count(plain("GET", "/healthz", 200), *names);
  auto gone = plain("POST", "/v1/responses", 0);
  gone.gone = true;
  counters.count(gone, *names);
  EXPECT_EQ(counters.requests.size(), 2u);
  EXPECT_EQ(counters.gone, 1u);
  EXPECT_TRUE(counters.calls.empty());
}

TEST_F(Counting, WorkersAddUp) {
  Sample sample;
  Counters other;
  counters.count(sample.record, *names);
  other.count(sample.record, *names);
  other.limited(Limit::key_tokens, "web", *names);
  other.streams_open = 3;
  other.front.open = 2;
  counters.add(other);

  EXPECT_EQ(counters.calls.at(Key::pack(r, static_cast<std::uint16_t>(fallback::Outcome::ok), 0)), 2u);
  EXPECT_EQ(counters.limits.at(Key::pack(static_cast<std::uint16_t>(Limit::key_tokens), names->keys.id("web"))), 1u);
  EXPECT_NEAR(counters.call_durations.at(Key::pack(r)).sum_seconds(), 1.625, 1e-9);
  EXPECT_EQ(counters.streams_open, 3);
  EXPECT_EQ(counters.front.open, 2u);
}

}  // namespace
}  // namespace belay::gateway::sight
