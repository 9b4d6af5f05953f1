// No panic of a Rust provider crosses the line (P13), and none prints (P17): each call gives its documented failure value, the words go to the host's log.
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif
#include <gtest/gtest.h>

#include <string>

#include "driver.hpp"

#if defined(RUST_PANICS)
namespace {

using namespace belay::driver;

class RustPanics : public testing::Test {
 protected:
  ~RustPanics() override { host() = {}; }
  Plugin plugin{RUST_PANICS};

  void expect_internal(const Answer& answer, const std::string& place) const {
    EXPECT_EQ(answer.status, BELAY_ERR_INTERNAL) << place;
    EXPECT_EQ(answer.text, "a bug in " + place);
  }
  /// What the exchange of an instance that panics at `place` answers there.
  Answer exchange_at(const std::string& place) {
    auto instance = plugin.make(place);
    auto exchange = instance.begin({});
    Written written;
    Events events;
    if (place == "begin") return exchange.started;
    if (place == "on_response_head") return exchange.head(200, {}, events);
    if (place == "on_body_chunk") return exchange.chunk("x", events);
    if (place == "finish") return exchange.finish(BELAY_FINISH_COMPLETE, events);
    return exchange.build(written);
  }
};

TEST_F(RustPanics, AreAStatusWithTheirText) {
  testing::internal::CaptureStderr();
  expect_internal(plugin.make("create").created, "create");
  for (const char* place : {"begin", "build_request", "on_response_head", "on_body_chunk", "finish"}) expect_internal(exchange_at(place), place);
  expect_internal(plugin.make("refresh_credentials").refresh(BELAY_CAUSE_REJECTED, {}).answer, "refresh_credentials");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(RustPanics, WhoseValueIsOddAreAStatusToo) {
  const auto answer = exchange_at("odd");
  EXPECT_EQ(answer.status, BELAY_ERR_INTERNAL);
  EXPECT_EQ(answer.text, "the plugin panicked");
}

TEST_F(RustPanics, InClassifyErrorLeaveItToTheHost) {
  auto instance = plugin.make("classify_error");
  const auto verdict = instance.classify({});
  EXPECT_EQ(verdict.status, BELAY_ERR_INTERNAL);
  EXPECT_EQ(verdict.reason, BELAY_REASON_UNKNOWN);
}

TEST_F(RustPanics, OfADestructorAreLogged) {
#if defined(__SANITIZE_ADDRESS__)
  const __lsan::ScopedDisabler what_a_drop_that_panics_still_held_is_lost;
#endif
  host().log.clear();
  {
    auto instance = plugin.make("destroy");
  }
  {
    auto instance = plugin.make("end");
    auto exchange = instance.begin({});
  }
  ASSERT_EQ(host().log.size(), 2u);
  EXPECT_NE(host().log[0].find("a bug in destroy"), std::string::npos) << host().log[0];
  EXPECT_NE(host().log[1].find("a bug in end"), std::string::npos) << host().log[1];
}

}  // namespace
#endif
