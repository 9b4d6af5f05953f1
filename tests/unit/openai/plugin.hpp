// The plugin under test, loaded once through its real ABI.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "driver.hpp"

namespace belay::openai::test {

using namespace belay::driver;

inline const Plugin& plugin() {
  static const Plugin only(OPENAI_SO);
  return only;
}

inline Instance account(const std::string& options = "{}", const std::string& base_url = "https://api.example/v1") {
  return plugin().make(base_url, options);
}

/// What goes out for one request; fails the test when nothing does.
inline Written written(Instance& instance, const Request& request, const Secret* secret = nullptr) {
  Written out;
  auto exchange = instance.begin(request, secret);
  EXPECT_EQ(exchange.started.status, BELAY_OK) << exchange.started.text;
  if (exchange.started.status != BELAY_OK) return out;
  const auto answer = exchange.build(out);
  EXPECT_EQ(answer.status, BELAY_OK) << answer.text;
  return out;
}

inline Written written(const std::string& options, const Request& request) {
  auto instance = account(options);
  EXPECT_EQ(instance.created.status, BELAY_OK) << instance.created.text;
  return written(instance, request);
}

/// The events of one reply: the same for every single cut and byte by byte, or the test fails.
inline std::vector<Event> replied(const Request& request, const Reply& reply,
                                  std::uint32_t how = BELAY_FINISH_COMPLETE) {
  auto instance = account();
  const auto once = [&](const std::vector<std::size_t>& sizes) {
    auto exchange = instance.begin(request);
    EXPECT_EQ(exchange.started.status, BELAY_OK) << exchange.started.text;
    return play(exchange, reply, sizes, how).seen;
  };
  const auto whole = once({});
  for (std::size_t cut = 1; cut < reply.body.size(); ++cut)
    EXPECT_EQ(once({cut, reply.body.size()}), whole) << "cut at " << cut;
  EXPECT_EQ(once({1}), whole) << "byte by byte";
  return whole;
}

inline Reply stream(std::string body) {
  return {200, {{"content-type", "text/event-stream; charset=utf-8"}}, std::move(body)};
}
inline Reply json(std::string body) { return {200, {{"content-type", "application/json"}}, std::move(body)}; }

}  // namespace belay::openai::test
