// /metrics of a running Sight, as promtool and a scraper see it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "promtool.hpp"
#include "rig.hpp"
#include "samples.hpp"

namespace belay::gateway::test {
namespace {

using belay::test::Upstream;
using belay::test::UpstreamReply;
using belay::test::UpstreamRequest;
using runtime::test::ask;
using runtime::test::keyed;
using runtime::test::settings_of;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) out.push_back(line);
  return out;
}

TEST(Metrics, ArePromtoolCleanAfterRealCallsOnAllWorkers) {
  Upstream dead([](const UpstreamRequest&) {
    return UpstreamReply::json(401, R"({"error":{"message":"Incorrect API key provided"}})");
  });
  Upstream good([](const UpstreamRequest&) { return UpstreamReply::completion("pong"); });
  Rig rig(settings_of({keyed("p", dead.origin(), "sk-dead-123456"), keyed("c", good.origin(), "sk-good-123456")}));
  for (std::size_t i = 0; i < 2; ++i) ASSERT_TRUE(rig.call(i, ask("ping")).ok());
  rig.ended(0, plain("GET", "/healthz", 200));
  rig.on_loop(1, [](SightWorker& worker) { worker.limited(Limit::key_requests, "nobody"); });

  const Got got = rig.metrics(1);

  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.type, "text/plain; version=0.0.4; charset=utf-8");
  const Ran checked = promtool({"check", "metrics"}, got.body);
  EXPECT_EQ(checked.exit, 0) << checked.said;
  EXPECT_EQ(checked.said, "") << "no advice either";
  EXPECT_THAT(got.body, HasSubstr("belay_calls_total{route=\"r\",outcome=\"ok\",stream=\"false\"} 2\n"));
  EXPECT_THAT(got.body,
              HasSubstr("belay_attempts_total{provider=\"c\",model=\"m\",reason=\"none\",verdict=\"done\"} 2\n"));
  EXPECT_THAT(got.body, HasSubstr("belay_fallbacks_total{route=\"r\",reason=\"auth_rejected\"} 2\n"));
  EXPECT_THAT(got.body, HasSubstr("belay_holds{scope=\"credential\",reason=\"auth_rejected\"} 1\n"));
  EXPECT_THAT(got.body, HasSubstr("belay_credentials{provider=\"p\",state=\"ready\"} 1\n"));
  EXPECT_THAT(got.body, HasSubstr("belay_overhead_seconds_bucket{le=\"5e-05\"} 2\n"));
  EXPECT_THAT(got.body, HasSubstr("belay_overhead_seconds_bucket{le=\"2.5e-05\"} 0\n"));
  EXPECT_THAT(got.body, HasSubstr("belay_requests_total{path=\"/healthz\",status=\"200\",wire=\"\",key=\"\"} 1\n"));
  EXPECT_THAT(got.body, HasSubstr("belay_tokens_total{provider=\"c\",model=\"m\",type=\"input\"} 6\n"));
  EXPECT_THAT(got.body, HasSubstr("belay_limits_hit_total{scope=\"key\",name=\"other\",limit=\"requests\"} 1\n"));
  EXPECT_THAT(got.body, Not(HasSubstr("sk-dead")));
}

TEST(Metrics, NeverTellASeriesTwice) {
  auto settings = two_providers();
  settings.providers[0].name = "other";  // also the word for what is not configured
  settings.routes[0].targets[0].provider = "other";
  settings.providers[0].pool.provider = "other";
  Rig rig(settings);
  Sample sample;
  sample.result.trace.attempts[0].provider = "stranger";
  rig.ended(0, sample.record);
  rig.ended(1, sample.record);

  std::set<std::string> series;
  for (const std::string& line : lines_of(rig.metrics().body)) {
    if (line.starts_with("#")) continue;
    EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << line;
  }
  EXPECT_GT(series.size(), 60u);
}

TEST(Metrics, ProcessFactsAreThoseOfThisProcess) {
  Rig rig(two_providers());
  const std::string text = rig.metrics().body;
  const auto value = [&](const std::string& series) { return value_of(text, series); };
  EXPECT_GT(value("process_resident_memory_bytes"), 1e6);
  EXPECT_GT(value("process_open_fds"), 5);
  EXPECT_GE(value("process_threads"), 4);
  EXPECT_GT(value("process_cpu_seconds_total"), 0);
  const double now = static_cast<double>(system_clock().unix_ms()) / 1e3;
  EXPECT_NEAR(value("process_start_time_seconds"), now, 600);
  EXPECT_EQ(value("belay_workers"), 2);
}

TEST(Metrics, AReloadIsToldAndKeepsCounts) {
  Rig rig(two_providers());
  Sample sample;
  rig.ended(0, sample.record);
  rig.sight->reload_failed("belay.toml:3:1: route.r: unknown provider");
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_configuration_last_reload_successful 0\n"));

  auto settings = two_providers();
  settings.routes[0].name = "second";
  runtime::Options options;
  options.on = rig.loops;
  ASSERT_TRUE(rig.sight->use({}, runtime::test::open(settings, options)).ok());
  sample.result.trace.route = "second";
  rig.ended(0, sample.record);

  const std::string text = rig.metrics().body;
  EXPECT_THAT(text, HasSubstr("belay_configuration_reloads_total{result=\"ok\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("belay_configuration_reloads_total{result=\"failed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("belay_configuration_last_reload_successful 1\n"));
  EXPECT_THAT(text, HasSubstr("belay_calls_total{route=\"r\",outcome=\"ok\",stream=\"false\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("belay_calls_total{route=\"second\",outcome=\"ok\",stream=\"false\"} 1\n"));
}

TEST(Metrics, TheFrontIsReadWhileItStands) {
  Rig rig(two_providers());
  FrontCounts counts;
  counts.accepted = 7;
  counts.open = 3;
  rig.on_loop(1, [&](SightWorker& worker) { worker.front(&counts); });
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_connections_accepted_total 7\n"));
  rig.on_loop(1, [](SightWorker& worker) { worker.front(nullptr); });
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_connections_open 0\n"));
}

TEST(Metrics, AClientThatLeavesIsNotAnswered) {
  Rig rig(two_providers());
  bool sent = false;
  struct NoReply final : Reply {
    void send(int, std::span<const Field>, std::string_view) override { ADD_FAILURE() << "nobody is there"; }
    void begin(int, std::span<const Field>) override {}
    bool write(std::string_view) override { return true; }
    void end() override {}
    void abort() override {}
  } reply;
  rig.on_loop(0, [&](SightWorker&) {
    auto visit = rig.sight->metrics(0, reply, [&](int, std::size_t) { sent = true; });
    visit->on_body("");
    visit->on_gone();
  });
  rig.metrics(0);
  rig.sight.reset();  // waits for readers and loops
  EXPECT_FALSE(sent);
}

}  // namespace
}  // namespace belay::gateway::test
