// Errors in each wire's own shape.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "runtime/runtime.hpp"

namespace belay::runtime {
namespace {

using fallback::Outcome;
using fallback::Reason;
using testing::StartsWith;

CallResult failed(Outcome outcome, Reason reason) {
  CallResult result;
  result.trace.id = "01X";
  result.trace.outcome = outcome;
  result.trace.reason = reason;
  result.error = "no target answered";
  return result;
}

std::string_view text(const json::Value& root, std::string_view pointer) {
  const auto* value = json::at(root, pointer);
  return value != nullptr && value->IsString() ? json::view(*value) : "absent";
}

TEST(Errors, ChatAndResponsesShowOpenAIsObject) {
  auto result = failed(Outcome::refused, Reason::bad_request);
  result.param = "input[0].content";
  for (const char* wire : {"openai.chat/1", "openai.responses/1", "unknown"}) {
    const auto body = json::parse(error_body(result, wire));
    ASSERT_TRUE(body);
    EXPECT_EQ(text(*body, "/error/type"), "invalid_request_error");
    EXPECT_EQ(text(*body, "/error/code"), "bad_request");
    EXPECT_EQ(text(*body, "/error/param"), "input[0].content");
    EXPECT_EQ(text(*body, "/error/trace/id"), "01X");
  }
  EXPECT_EQ(error_body(result), error_body(result, "openai.chat/1"));
  result.param.clear();
  EXPECT_TRUE(json::at(*json::parse(error_body(result)), "/error/param")->IsNull());
}

TEST(Errors, MessagesShowAnthropicsObjectWithItsWords) {
  const struct {
    Outcome outcome;
    Reason reason;
    const char* type;
  } rows[] = {{Outcome::refused, Reason::bad_request, "invalid_request_error"},   {Outcome::refused, Reason::context_too_long, "invalid_request_error"},
              {Outcome::refused, Reason::content_refused, "invalid_request_error"}, {Outcome::refused, Reason::request_too_large, "request_too_large"},
              {Outcome::refused, Reason::model_unavailable, "not_found_error"},   {Outcome::failed, Reason::model_unavailable, "api_error"},
              {Outcome::failed, Reason::rate_limited, "rate_limit_error"},        {Outcome::failed, Reason::overloaded, "overloaded_error"},
              {Outcome::failed, Reason::auth_rejected, "api_error"},              {Outcome::failed, Reason::credential_missing, "api_error"},
              {Outcome::failed, Reason::timed_out, "timeout_error"},              {Outcome::deadline, Reason::deadline_exceeded, "timeout_error"},
              {Outcome::failed, Reason::unreachable, "api_error"}};
  for (const auto& row : rows) {
    const auto body = json::parse(error_body(failed(row.outcome, row.reason), "anthropic.messages/1"));
    ASSERT_TRUE(body);
    EXPECT_EQ(text(*body, "/type"), "error");
    EXPECT_EQ(text(*body, "/error/type"), row.type) << to_string(row.reason);
    EXPECT_EQ(text(*body, "/error/code"), to_string(row.reason));
    EXPECT_EQ(text(*body, "/error/message"), "no target answered");
    EXPECT_EQ(text(*body, "/error/trace/id"), "01X");
    EXPECT_EQ(text(*body, "/request_id"), "01X");
  }
}

TEST(Errors, ABrokenStreamOfChatOrMessagesEndsWithTheObject) {
  const auto result = failed(Outcome::failed, Reason::unreachable);
  for (const char* wire : {"openai.chat/1", "anthropic.messages/1"}) {
    const auto events = error_event(result, wire);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0], error_body(result, wire));
  }
}

TEST(Errors, ABrokenResponseIsToldAsFailedAndThenAsAnError) {
  auto result = failed(Outcome::failed, Reason::rate_limited);
  result.so_far = {R"({"id":"resp_1","status":"in_progress","error":null,"output":[{"id":"x"}],"own":1})", 7};

  const auto events = error_event(result, "openai.responses/1");

  ASSERT_EQ(events.size(), 2u);
  EXPECT_THAT(events[0], StartsWith(R"({"type":"response.failed")"));
  EXPECT_THAT(events[1], StartsWith(R"({"type":"error")"));
  const auto told = json::parse(events[0]), error = json::parse(events[1]);
  EXPECT_EQ(text(*told, "/response/id"), "resp_1");
  EXPECT_EQ(text(*told, "/response/status"), "failed");
  EXPECT_EQ(text(*told, "/response/error/code"), "rate_limit_exceeded");
  EXPECT_EQ(text(*told, "/response/output/0/id"), "x");
  EXPECT_EQ(json::int_at(*told, "sequence_number"), 7);
  EXPECT_EQ(text(*error, "/code"), "rate_limited");
  EXPECT_EQ(text(*error, "/message"), "no target answered");
  EXPECT_EQ(text(*error, "/error/trace/id"), "01X") << "by this member OpenAI's clients know an error";
  EXPECT_EQ(json::int_at(*error, "sequence_number"), 8);
}

TEST(Errors, AResponseThatNeverBeganIsOnlyAnError) {
  const auto events = error_event(failed(Outcome::failed, Reason::unreachable), "openai.responses/1");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(json::int_at(*json::parse(events[0]), "sequence_number"), 0);
}

TEST(Spans, AreTheirCallsAndTheirNumbersOwn) {
  const std::string one = attempt_span("00f067aa0ba902b7", 1);
  EXPECT_EQ(one.size(), 16u);
  EXPECT_EQ(one.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(one, attempt_span("00f067aa0ba902b7", 1));
  EXPECT_NE(one, attempt_span("00f067aa0ba902b7", 2));
  EXPECT_NE(one, attempt_span("00f067aa0ba902b8", 1));
  EXPECT_NE(attempt_span("61c8864680b583eb", 1), "0000000000000000") << "whose sum is zero";
}

}  // namespace
}  // namespace belay::runtime
