// The README's providers, compiled as they stand there, are plugins that work; its build file is the template's.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "driver.hpp"

namespace {

using namespace belay::driver;

std::string read(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(Readme, TheWholeProviderAnswers) {
  const Plugin plugin(README_ACME);
  auto instance = plugin.make("https://api.acme.example/v1");
  const Secret secret;
  auto exchange = instance.begin({.body = R"({"model":"m"})"}, &secret);
  ASSERT_EQ(exchange.started.status, BELAY_OK);
  Written written;
  ASSERT_EQ(exchange.build(written).status, BELAY_OK);

  EXPECT_EQ(written.url, "https://api.acme.example/v1/chat/completions");
  EXPECT_TRUE(written.as_given);
  const auto events = play(exchange, {200, {{"content-type", "application/json"}}, "{\"choices\":[]}"}, {3}).seen;
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].a, "{\"choices\":[]}");
  EXPECT_EQ(instance.classify({.status = 402}).reason, BELAY_REASON_QUOTA_EXHAUSTED);
}

TEST(Readme, TheOneWithoutHttpAnswers) {
  const Plugin plugin(README_ECHO);
  EXPECT_EQ(plugin.api().build_request, nullptr);
  auto instance = plugin.make("");
  auto exchange = instance.begin({.wire = "", .body = R"({"messages":[1]})"});
  Events events;
  ASSERT_EQ(exchange.run(events).status, BELAY_OK);

  ASSERT_EQ(events.seen.size(), 3u);
  EXPECT_EQ(events.seen[1].a, "[1]");
  EXPECT_EQ(events.seen[2].type, BELAY_EVENT_STOP);
  EXPECT_EQ(events.seen[2].num, BELAY_STOPPED_END);
}

TEST(Readme, ItsBuildFileIsTheTemplates) {
  EXPECT_NE(read(SDK_DIR "/README.md").find(read(SDK_DIR "/template/cpp/CMakeLists.txt")), std::string::npos);
}

}  // namespace
