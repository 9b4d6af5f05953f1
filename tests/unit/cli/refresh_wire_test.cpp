#include "refresh_wire.hpp"

#include <gtest/gtest.h>

namespace belay::cli {
namespace {

using credentials::Cause;
using credentials::RefreshOutcome;

const MonoTime now = MonoTime() + std::chrono::hours(1);

credentials::RefreshRequest request() {
  credentials::RefreshRequest made;
  made.provider = "p";
  made.id = "main";
  made.cause = Cause::rejected;
  made.failed_generation = 18'446'744'073'709'551'615U;
  made.asked_at = 1'700'000'000'123;
  made.failure = {401, {{"www-authenticate", "Bearer error=\"invalid_token\""}, {"x", "\xff"}}, std::string("\0\xfe{", 3)};
  made.wait_until = now + Millis(1500);
  return made;
}

TEST(RefreshWire, ARequestArrivesAsItWasSent) {
  const MonoTime later = now + std::chrono::hours(3);  // another process, another clock

  const auto arrived = decode_request(encode(request(), now), later);

  ASSERT_TRUE(arrived) << arrived.error().message;
  EXPECT_EQ(arrived->provider, "p");
  EXPECT_EQ(arrived->id, "main");
  EXPECT_EQ(arrived->cause, Cause::rejected);
  EXPECT_EQ(arrived->failed_generation, request().failed_generation);
  EXPECT_EQ(arrived->asked_at, 1'700'000'000'123);  // a moment of the day: the same for both
  EXPECT_EQ(arrived->failure.status, 401);
  EXPECT_EQ(arrived->failure.headers, request().failure.headers);
  EXPECT_EQ(arrived->failure.body, request().failure.body);
  EXPECT_EQ(arrived->wait_until, later + Millis(1500));
}

TEST(RefreshWire, EveryCauseAndOutcomeCrosses) {
  for (const Cause cause : {Cause::rejected, Cause::forbidden, Cause::missing, Cause::expired, Cause::advisory, Cause::operator_}) {
    auto sent = request();
    sent.cause = cause;
    EXPECT_EQ(decode_request(encode(sent, now), now)->cause, cause);
  }
  for (const RefreshOutcome outcome :
       {RefreshOutcome::none, RefreshOutcome::refreshed, RefreshOutcome::unchanged, RefreshOutcome::not_applicable,
        RefreshOutcome::failed_transient, RefreshOutcome::failed_permanent, RefreshOutcome::needs_interaction}) {
    credentials::RefreshResult sent;
    sent.outcome = outcome;
    EXPECT_EQ(decode_result(encode(sent))->outcome, outcome);
  }
}

TEST(RefreshWire, AResultArrivesAsItWasSent) {
  credentials::RefreshResult sent;
  sent.outcome = RefreshOutcome::needs_interaction;
  sent.generation = 7;
  sent.retry_after = Millis(30'000);
  sent.until_secret_changes = true;
  sent.connection_bound = true;
  sent.message = "log in \xff\n";

  const auto arrived = decode_result(encode(sent));

  ASSERT_TRUE(arrived) << arrived.error().message;
  EXPECT_EQ(arrived->outcome, sent.outcome);
  EXPECT_EQ(arrived->generation, 7U);
  EXPECT_EQ(arrived->retry_after, Millis(30'000));
  EXPECT_TRUE(arrived->until_secret_changes);
  EXPECT_TRUE(arrived->connection_bound);
  EXPECT_EQ(arrived->message, sent.message);
  EXPECT_EQ(decode_result(encode(credentials::RefreshResult()))->retry_after, std::nullopt);
}

TEST(RefreshWire, ALineWithAMissingOrWrongMemberIsRefused) {
  const std::string good_request = encode(request(), now), good_result = encode(credentials::RefreshResult());
  const auto without = [](std::string line, const std::string& member) {
    line.replace(line.find("\"" + member + "\""), member.size() + 2, "\"other_" + member + "\"");
    return line;
  };
  for (const char* member : {"provider", "id", "cause", "generation", "asked_at", "wait_ms", "status", "headers", "body"})
    EXPECT_FALSE(decode_request(without(good_request, member), now)) << member;
  for (const char* member : {"outcome", "generation", "retry_after_ms", "until_secret_changes", "connection_bound", "message"})
    EXPECT_FALSE(decode_result(without(good_result, member))) << member;
  for (const char* line : {"", "{", "[]", "null"}) {
    EXPECT_FALSE(decode_request(line, now));
    EXPECT_FALSE(decode_result(line));
  }
}

// A result that was cut (its child died while it wrote) is no result.
TEST(RefreshWire, ACutLineIsRefused) {
  const std::string line = encode(credentials::RefreshResult());
  for (std::size_t size = 0; size + 1 < line.size(); ++size) EXPECT_FALSE(decode_result(line.substr(0, size)));
}

}  // namespace
}  // namespace belay::cli
