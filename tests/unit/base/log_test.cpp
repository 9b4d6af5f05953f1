#include "base/log.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/secret.hpp"

namespace belay {
namespace {

/// What `say` writes to stderr.
template <typename Say>
std::string logged(Say say) {
  testing::internal::CaptureStderr();
  say();
  return testing::internal::GetCapturedStderr();
}

class Log : public testing::Test {
 protected:
  void TearDown() override {
    set_log_level(LogLevel::warn);
    set_log_json(false);
  }
};

TEST_F(Log, WritesOneLineWithLevelPrefixAndFact) {
  const std::string line = logged([] { log(LogLevel::warn, "r42|2/5", "moving on"); });

  EXPECT_NE(line.find("Z warn [r42|2/5] moving on\n"), std::string::npos) << line;
}

TEST_F(Log, IsSilentBelowItsLevel) {
  EXPECT_EQ(logged([] { log(LogLevel::info, "x", "y"); }), "");
  set_log_level(LogLevel::off);
  EXPECT_EQ(logged([] { log(LogLevel::error, "x", "y"); }), "");
}

TEST_F(Log, AFactStaysOnOneLine) {
  const std::string line = logged([] { log(LogLevel::error, "x", "a\nb\x1b[31m"); });

  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_NE(line.find("a\\x0ab\\x1b[31m"), std::string::npos) << line;
}

TEST_F(Log, SecretsAreTakenOutOfFactAndPrefix) {
  const Secret secret("sk-very-secret-value");

  const std::string line =
      logged([] { log(LogLevel::error, "key sk-very-secret-value", "sent sk-very-secret-value"); });

  EXPECT_EQ(line.find("very-secret"), std::string::npos);
  EXPECT_NE(line.find("[key [secret]] sent [secret]"), std::string::npos) << line;
}

TEST_F(Log, JsonLinesAreJson) {
  set_log_json(true);

  const std::string line = logged([] { log(LogLevel::error, "r\"1", "a\nb"); });

  const auto parsed = json::parse(line);
  ASSERT_TRUE(parsed) << line;
  EXPECT_EQ(json::string_at(*parsed, "who"), "r\"1");
  EXPECT_EQ(json::string_at(*parsed, "msg"), "a\nb");
  EXPECT_EQ(json::string_at(*parsed, "level"), "error");
}

TEST_F(Log, LevelsHaveNames) {
  EXPECT_EQ(*parse_log_level("trace"), LogLevel::trace);
  EXPECT_EQ(*parse_log_level("off"), LogLevel::off);
  EXPECT_EQ(parse_log_level("loud").error().message,
            "no log level \"loud\" (use trace, debug, info, warn, error or off)");
}

}  // namespace
}  // namespace belay
