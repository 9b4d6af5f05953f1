// What a plugin says in an exchange, and the rule that it breaks. Each fixture is faulted by its own breach; the latch
// stays closed, so a breach is looked at once and then asked for again.
#include <algorithm>
#include <thread>

#include "fixtures.hpp"

namespace belay::plugins {
namespace {

const belay_head ok_head{sizeof(belay_head), 200, {nullptr, 0, sizeof(belay_field)}};

/// One whole exchange with the reply "hi"; ends at the first answer that is not ok.
struct Played {
  Answer answer;
  Recorder events;
};

Played play(Instance& instance, std::string_view wire = "openai.chat/1", std::size_t stop_after = SIZE_MAX,
            Finish how = Finish::complete) {
  Played played;
  played.events.stop_after = stop_after;
  const auto request = request_of("chat", wire);
  std::unique_ptr<Exchange> exchange;
  played.answer = instance.begin(request, nullptr, exchange);
  OutgoingRequest written;
  if (played.answer.ok()) played.answer = exchange->build_request(written);
  if (played.answer.ok()) played.answer = exchange->on_head(ok_head, played.events);
  if (played.answer.ok()) played.answer = exchange->on_chunk("hi", played.events);
  if (played.answer.ok()) played.answer = exchange->finish(how, played.events);
  return played;
}

TEST(Exchange, GoodReplyArrives) {
  const auto instance = instance_of("good");
  const auto played = play(*instance);

  EXPECT_EQ(played.answer.status, Status::ok) << played.answer.text;
  EXPECT_THAT(played.events.seen, testing::ElementsAre("START id-1", "TEXT hi", "USAGE", "STOP stop"));
  EXPECT_EQ(instance->fault(), std::nullopt);
}

TEST(Exchange, CutReplyIsAnError) {
  const auto played = play(*instance_of("good"), "openai.chat/1", SIZE_MAX, Finish::truncated);

  EXPECT_EQ(played.answer.status, Status::ok);
  EXPECT_THAT(played.events.seen, testing::ElementsAre("START id-1", "TEXT hi", "ERROR"));
}

TEST(Exchange, TakerThatWantsNoMoreStopsThePlugin) {
  const auto instance = instance_of("good");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  ASSERT_TRUE(instance->begin(request, nullptr, exchange).ok());
  OutgoingRequest written;
  Recorder events;
  events.stop_after = 2;
  ASSERT_TRUE(exchange->build_request(written).ok());
  ASSERT_TRUE(exchange->on_head(ok_head, events).ok());

  EXPECT_EQ(exchange->on_chunk("a", events).status, Status::stop);
  EXPECT_EQ(exchange->on_chunk("b", events).status, Status::stop);
  EXPECT_EQ(exchange->finish(Finish::complete, events).status, Status::stop);

  EXPECT_THAT(events.seen, testing::ElementsAre("START id-1", "TEXT a"));
  EXPECT_EQ(instance->fault(), std::nullopt);
}

TEST(Exchange, FailedReplyNeedsNoEvents) {
  const auto instance = instance_of("good");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  ASSERT_TRUE(instance->begin(request, nullptr, exchange).ok());
  OutgoingRequest written;
  Recorder events;
  ASSERT_TRUE(exchange->build_request(written).ok());

  EXPECT_EQ(exchange->finish(Finish::failed, events).status, Status::ok);
  EXPECT_TRUE(events.seen.empty());
}

TEST(Exchange, CallsOutOfTurnReachNoPlugin) {
  const auto instance = instance_of("good");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  ASSERT_TRUE(instance->begin(request, nullptr, exchange).ok());
  Recorder events;
  OutgoingRequest written;
  CancelSource cancel;

  EXPECT_EQ(exchange->on_chunk("a", events).text, "the host called on_body_chunk() out of turn");
  EXPECT_EQ(exchange->finish(Finish::complete, events).status, Status::internal);
  EXPECT_EQ(exchange->run(events, cancel.token()).status, Status::internal);
  ASSERT_TRUE(exchange->build_request(written).ok());
  EXPECT_EQ(exchange->build_request(written).status, Status::internal);
  EXPECT_EQ(instance->fault(), std::nullopt);
}

TEST(Exchange, UnsupportedOperationSaysSo) {
  const auto request = request_of("models", "");
  std::unique_ptr<Exchange> exchange;

  const auto answer = instance_of("good")->begin(request, nullptr, exchange);

  EXPECT_EQ(answer.status, Status::unsupported);
  EXPECT_EQ(answer.text, "chat and embeddings only");
  EXPECT_EQ(exchange, nullptr);
}

TEST(Exchange, EndsThoughItsInstanceWentFirst) {
  auto instance = instance_of("good");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  ASSERT_TRUE(instance->begin(request, nullptr, exchange).ok());
  instance.reset();
  OutgoingRequest written;

  EXPECT_TRUE(exchange->build_request(written).ok());
}

TEST(Exchange, ManyRunInParallel) {
  const auto instance = instance_of("good");
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) good += play(*instance).answer.status == Status::ok ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();

  EXPECT_EQ(good, 1600);
}

struct Breach {
  const char* type;
  const char* function;
  const char* rule;
  const char* wire = "openai.chat/1";
  std::size_t stop_after = SIZE_MAX;
};

std::ostream& operator<<(std::ostream& out, const Breach& breach) { return out << breach.type; }

class BreachOfContract : public testing::TestWithParam<Breach> {};

std::string test_name(const testing::TestParamInfo<Breach>& info) {
  std::string name = info.param.type;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

TEST_P(BreachOfContract, IsLatchedAndNamed) {
  const Breach& breach = GetParam();
  const auto instance = instance_of(breach.type);
  ASSERT_NE(instance, nullptr);
  const std::string sentence =
      std::string("plugin org.belay.fixture 1.2.0 broke its contract in ") + breach.function + "(): " + breach.rule;

  const auto first = play(*instance, breach.wire, breach.stop_after);
  const auto second = play(*instance, breach.wire, breach.stop_after);

  EXPECT_EQ(first.answer.status, Status::fault);
  EXPECT_EQ(first.answer.text, sentence);
  EXPECT_EQ(second.answer.status, Status::fault);
  EXPECT_TRUE(second.events.seen.empty());
  EXPECT_EQ(instance->fault(), sentence);
}

const Breach breaches[] = {
    {"text-after-stop", "finish", "it emitted an event after the one that ends the reply"},
    {"two-terminals", "finish", "it emitted an event after the one that ends the reply"},
    {"no-terminal", "finish", "it answered OK without the event that ends a reply"},
    {"emits-after-stop", "on_body_chunk", "it emitted an event after its sink had said STOP", "openai.chat/1", 2},
    {"invalid-utf8-text", "on_body_chunk", "it emitted a text that is no UTF-8 (whole characters only)"},
    {"no-message-start", "on_body_chunk", "it emitted an event before MESSAGE_START"},
    {"two-message-starts", "on_body_chunk", "it emitted MESSAGE_START twice"},
    {"event-too-short", "on_body_chunk", "it emitted an event that is shorter than ABI 1.0 says"},
    {"event-text-without-memory", "on_body_chunk", "it emitted an event whose texts can't be read"},
    {"raw-mixed", "on_body_chunk", "it mixed raw events with others"},
    {"raw-on-canonical", "on_body_chunk", "it emitted a RAW event for a request that is not in its wire", ""},
    {"result-for-chat", "on_body_chunk", "it emitted a RESULT for a chat"},
    {"tools-unbalanced", "finish", "it emitted STOP with a tool call that was not ended"},
    {"tool-args-without-begin", "on_body_chunk", "it emitted TOOL_ARGS of a tool call that is not open"},
    {"tool-begun-twice", "on_body_chunk", "it began one tool call twice"},
    {"usage-falls", "on_body_chunk", "it emitted a usage that falls (USAGE is cumulative)"},
    {"usage-missing", "on_body_chunk", "it emitted USAGE without a belay_usage of ABI 1.0's size"},
    {"error-missing", "on_body_chunk", "it emitted ERROR without a belay_failure of ABI 1.0's size"},
    {"error-overrun", "on_body_chunk", "it wrote beyond the room for its error text"},
    {"begin-null", "begin", "it answered OK and gave no exchange"},
    {"throws", "begin", "it threw \"a bug\""},
};
INSTANTIATE_TEST_SUITE_P(Events, BreachOfContract, testing::ValuesIn(breaches), test_name);

TEST(Breach, EmittingAfterTheCallIsNoticedWhenItHappens) {
  const auto instance = instance_of("emits-late");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  OutgoingRequest written;
  Recorder events;
  ASSERT_TRUE(instance->begin(request, nullptr, exchange).ok());
  ASSERT_TRUE(exchange->build_request(written).ok());
  ASSERT_TRUE(exchange->on_head(ok_head, events).ok());
  ASSERT_TRUE(exchange->on_chunk("a", events).ok());
  belay_failure failure{};
  failure.size = sizeof failure;
  Classification verdict;

  EXPECT_EQ(instance->classify(failure, verdict).status, Status::fault);
  EXPECT_THAT(instance->fault().value_or(""),
              testing::HasSubstr("it emitted an event outside of the call that got the sink"));
  EXPECT_EQ(exchange->on_chunk("b", events).status, Status::fault);
}

TEST(Breach, OfOneInstanceIsOneOfTheWholePlugin) {
  TempDir dir;
  dir.put_fixture("breaks-for-all");
  Registry registry(settings_for({dir.path()}), services());
  auto first = registry.make("breaks-for-all", {"first", "http://127.0.0.1:9", "{}", ""});
  ASSERT_TRUE(first) << first.error().message;
  play(**first);

  const auto other = registry.make("breaks-for-all", {"other", "http://127.0.0.1:9", "{}", ""});

  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message,
              testing::HasSubstr("broke its contract in on_body_chunk(): it emitted a usage that falls"));
  EXPECT_THAT(registry.files()[0].why, testing::HasSubstr("it emitted a usage that falls"));
}

TEST(LaterAbi, UnknownEventIsSkipped) {
  const auto played = play(*instance_of("unknown-event"));

  EXPECT_EQ(played.answer.status, Status::ok);
  EXPECT_THAT(played.events.seen, testing::ElementsAre("START id-1", "USAGE", "STOP stop"));
}

TEST(LaterAbi, UnknownStatusMeansThatThePluginCannotGoOn) {
  const auto instance = instance_of("unknown-status");
  const auto played = play(*instance);

  EXPECT_EQ(played.answer.status, Status::internal);
  EXPECT_EQ(played.answer.text, "on_body_chunk(): status -1777");
  EXPECT_EQ(instance->fault(), std::nullopt);
}

TEST(LaterAbi, UnknownPositiveStatusIsOk) {
  EXPECT_EQ(play(*instance_of("unknown-positive-status")).answer.status, Status::ok);
}

TEST(Exchange, ReplyThatIsNoneEndsTheExchange) {
  const auto instance = instance_of("protocol-error");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  OutgoingRequest written;
  Recorder events;
  ASSERT_TRUE(instance->begin(request, nullptr, exchange).ok());
  ASSERT_TRUE(exchange->build_request(written).ok());
  ASSERT_TRUE(exchange->on_head(ok_head, events).ok());

  const auto answer = exchange->on_chunk("a", events);

  EXPECT_EQ(answer.status, Status::protocol);
  EXPECT_EQ(answer.text, "the reply is a teapot");
  EXPECT_EQ(exchange->finish(Finish::complete, events).status, Status::internal);
  EXPECT_EQ(instance->fault(), std::nullopt);
}

TEST(OwnTransport, AnswersInOneCall) {
  const auto instance = instance_of("own-transport");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  ASSERT_TRUE(instance->begin(request, nullptr, exchange).ok());
  Recorder events;
  OutgoingRequest written;

  EXPECT_EQ(exchange->build_request(written).status, Status::internal);
  EXPECT_EQ(exchange->run(events, {}).status, Status::ok);
  EXPECT_THAT(events.seen, testing::ElementsAre("START id-1", "TEXT hello", "STOP stop"));
}

TEST(OwnTransport, SeesThatItIsCancelled) {
  const auto instance = instance_of("own-transport");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  ASSERT_TRUE(instance->begin(request, nullptr, exchange).ok());
  CancelSource cancel;
  cancel.cancel();
  Recorder events;

  const auto answer = exchange->run(events, cancel.token());

  EXPECT_EQ(answer.status, Status::cancelled);
  EXPECT_EQ(answer.text, "told to stop");
}

TEST(OwnTransport, MustEndItsReply) {
  const auto instance = instance_of("run-without-terminal");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  ASSERT_TRUE(instance->begin(request, nullptr, exchange).ok());
  Recorder events;

  EXPECT_EQ(exchange->run(events, {}).status, Status::fault);
  EXPECT_THAT(instance->fault().value_or(""),
              testing::HasSubstr("in run(): it answered OK without the event that ends a reply"));
}

}  // namespace
}  // namespace belay::plugins
