// The provider as a guest of the host: descriptor, models, errors, cancellation, STOP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asking.hpp"
#include "belay/ext/transport.h"

namespace belay::extractive_test {

namespace {

std::string_view view(belay_str text) { return {text.ptr, text.len}; }

driver::Exchange begun(driver::Instance& instance, const std::string& operation, const std::string& wire = "",
                       std::vector<std::string> required = {}) {
  driver::Request request;
  request.operation = operation;
  request.wire = wire;
  request.body = file("settlement-incident.json");
  request.required = std::move(required);
  return instance.begin(request);
}

class Cancelled {
 public:
  Cancelled() { driver::host().cancelled = true; }
  ~Cancelled() { driver::host().cancelled = false; }
};

}  // namespace

TEST(Transport, IsDeclaredAndHasNoHttpSlots) {
  const driver::Plugin plugin(EXTRACTIVE);
  EXPECT_EQ(plugin.descriptor().caps,
            BELAY_CAP_OWN_TRANSPORT | BELAY_CAP_STREAM | BELAY_CAP_KEYLESS | BELAY_CAP_MODELS);
  EXPECT_EQ(view(plugin.descriptor().type), "extractive");
  EXPECT_EQ(plugin.descriptor().wire_count, 0u) << "the canonical body";
  EXPECT_EQ(plugin.api().build_request, nullptr);
  EXPECT_EQ(plugin.api().finish, nullptr);
  EXPECT_NE(plugin.api().get_extension({BELAY_TRANSPORT_ID, sizeof BELAY_TRANSPORT_ID - 1}), nullptr);
}

TEST(Transport, ListsItsModel) {
  driver::Instance instance = driver::Plugin(EXTRACTIVE).make("");
  driver::Exchange exchange = begun(instance, "models");
  driver::Events events;
  EXPECT_EQ(exchange.run(events).status, BELAY_OK);
  ASSERT_EQ(events.seen.size(), 1u);
  EXPECT_EQ(events.seen[0].type, BELAY_EVENT_RESULT);
  EXPECT_THAT(events.seen[0].a, testing::HasSubstr("\"extractive-1\""));
}

TEST(Transport, RefusesWhatItDoesntKnow) {
  driver::Instance instance = driver::Plugin(EXTRACTIVE).make("");
  EXPECT_EQ(begun(instance, "embeddings").started.status, BELAY_ERR_UNSUPPORTED);
  EXPECT_EQ(begun(instance, "chat", "openai.chat/1").started.status, BELAY_ERR_UNSUPPORTED);
  EXPECT_EQ(begun(instance, "chat", "", {"messages", "audio"}).started.status, BELAY_ERR_UNSUPPORTED);
  EXPECT_EQ(begun(instance, "chat", "", {"messages", "max_tokens"}).started.status, BELAY_OK);
}

TEST(Transport, RefusalMovesTheChainOnWithoutHoldingTheTarget) {
  const driver::Instance instance = driver::Plugin(EXTRACTIVE).make("");
  const Reply reply = ask(body_of({{"user", "What is the capital of Peru?"}}));
  const auto verdict = instance.classify({.kind = BELAY_FAILURE_IN_REPLY, .status = 0, .body = reply.error});
  EXPECT_EQ(verdict.reason, BELAY_REASON_MODEL_UNAVAILABLE);
  EXPECT_EQ(verdict.scope, BELAY_SCOPE_REQUEST);
  EXPECT_THAT(verdict.message, testing::HasSubstr("no language model"));
}

TEST(Transport, LeavesForeignErrorsToTheHost) {
  const driver::Instance instance = driver::Plugin(EXTRACTIVE).make("");
  EXPECT_EQ(instance.classify({.status = 500, .body = "oops"}).reason, BELAY_REASON_UNKNOWN);
}

TEST(Transport, EndsWhenCancelled) {
  const Cancelled while_here;
  const Reply reply = ask(file("webhook-duplicates.json"));
  EXPECT_EQ(reply.status.status, BELAY_ERR_CANCELLED);
  EXPECT_TRUE(reply.events.seen.empty());
}

TEST(Transport, EmitsNothingAfterStop) {
  driver::Events events;
  events.stop_at = 3;
  const Reply reply = ask(file("webhook-duplicates.json"), "{}", events);
  EXPECT_EQ(reply.status.status, BELAY_STOP);
  EXPECT_EQ(reply.events.seen.size(), 4u);
  EXPECT_EQ(reply.events.after_stop, 0u);
}

TEST(Transport, SaysNothingOfTokensThatItDidntCount) {
  const Reply reply = ask(file("webhook-duplicates.json"));
  for (const auto& event : reply.events.seen) EXPECT_NE(event.type, BELAY_EVENT_USAGE);
}

TEST(Transport, HasNothingToRefresh) {
  driver::Instance instance = driver::Plugin(EXTRACTIVE).make("");
  EXPECT_EQ(instance.refresh(BELAY_CAUSE_REJECTED, {}).out.outcome, BELAY_NOT_APPLICABLE);
}

}  // namespace belay::extractive_test
