// The grammar of belay/event.h as the checks of lifecycle, threads and fuzz read it; the noise that they make.
#include <gtest/gtest.h>

#include <random>

#include "drive/bare.hpp"
#include "drive/noise.hpp"

namespace belay::conform {
namespace {

belay_event event_of(std::uint32_t type, std::string_view a = {}, std::uint32_t index = 0) {
  belay_event event{};
  event.size = sizeof event;
  event.type = type;
  event.index = index;
  event.a = lend(a);
  return event;
}

belay_status emit(EventTape& tape, const belay_event& event) { return tape.sink()->emit(tape.sink()->host, &event); }

TEST(EventTape, MergesDeltasIntoOneLine) {
  EventTape tape(EventTape::Keep::transcript, false, true);
  for (const auto& event : {event_of(BELAY_EVENT_MESSAGE_START, "id"), event_of(BELAY_EVENT_TEXT, "Hel"), event_of(BELAY_EVENT_PING), event_of(BELAY_EVENT_TEXT, "lo"),
                            event_of(BELAY_EVENT_STOP)})
    EXPECT_EQ(emit(tape, event), BELAY_OK);
  EXPECT_EQ(tape.breach, "");
  EXPECT_TRUE(tape.complete());
  EXPECT_EQ(tape.transcript, "MESSAGE_START id\nTEXT Hello\nSTOP ");
}

TEST(EventTape, TellsATextBeforeTheStart) {
  EventTape tape(EventTape::Keep::numbers, false, true);
  emit(tape, event_of(BELAY_EVENT_TEXT, "hi"));
  EXPECT_EQ(tape.breach, "an event before MESSAGE_START");
}

TEST(EventTape, TellsRawWhereNoneMayBe) {
  EventTape tape(EventTape::Keep::numbers, false, true);
  emit(tape, event_of(BELAY_EVENT_RAW, "{}"));
  EXPECT_EQ(tape.breach, "RAW for a request that is not in the plugin's wire");
}

TEST(EventTape, TellsHalfACharacter) {
  EventTape tape(EventTape::Keep::numbers, false, true);
  emit(tape, event_of(BELAY_EVENT_MESSAGE_START));
  emit(tape, event_of(BELAY_EVENT_TEXT, "\xC3"));
  EXPECT_EQ(tape.breach, "a text that is no UTF-8 (whole characters only)");
}

TEST(EventTape, TellsAToolThatWasLeftOpen) {
  EventTape tape(EventTape::Keep::numbers, false, true);
  emit(tape, event_of(BELAY_EVENT_MESSAGE_START));
  emit(tape, event_of(BELAY_EVENT_TOOL_BEGIN, "call", 3));
  emit(tape, event_of(BELAY_EVENT_STOP));
  EXPECT_EQ(tape.breach, "STOP with a tool call that was not ended");
}

TEST(EventTape, TellsWhatComesAfterTheEnd) {
  EventTape tape(EventTape::Keep::numbers, false, true);
  emit(tape, event_of(BELAY_EVENT_MESSAGE_START));
  emit(tape, event_of(BELAY_EVENT_STOP));
  emit(tape, event_of(BELAY_EVENT_TEXT, "more"));
  EXPECT_EQ(tape.breach, "an event after the one that ends the reply");
}

TEST(EventTape, SaysStopOnceAndCountsWhatComesAllTheSame) {
  EventTape tape(EventTape::Keep::numbers, true, true);
  tape.stop_at = 1;
  EXPECT_EQ(emit(tape, event_of(BELAY_EVENT_RAW, "1")), BELAY_OK);
  EXPECT_EQ(emit(tape, event_of(BELAY_EVENT_RAW, "2")), BELAY_STOP);
  EXPECT_EQ(tape.after_stop, 0u);
  EXPECT_EQ(emit(tape, event_of(BELAY_EVENT_RAW, "3")), BELAY_STOP);
  EXPECT_EQ(tape.after_stop, 1u);
}

TEST(EventTape, AStopThatNobodyAskedForIsOkToAHost) {
  EventTape tape(EventTape::Keep::numbers, true, true);
  EXPECT_EQ(tape.as_host(BELAY_STOP), BELAY_OK);
  tape.stop_at = 0;
  emit(tape, event_of(BELAY_EVENT_RAW, "1"));
  EXPECT_EQ(tape.as_host(BELAY_STOP), BELAY_STOP);
  EXPECT_EQ(tape.as_host(BELAY_ERR_PROTOCOL), BELAY_ERR_PROTOCOL);
}

TEST(Noise, IsTheSameForTheSameSeed) {
  std::mt19937_64 one(7), two(7), other(8);
  Noise a(one), b(two), c(other);
  const CassetteReply first = a.reply(), second = b.reply();
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(first.headers, second.headers);
  const std::string text(500, 'x');
  EXPECT_EQ(a.mutated(text, "other"), b.mutated(text, "other"));
  EXPECT_NE(a.bytes(32), c.bytes(32));
}

TEST(Noise, ChangesWhatItMutates) {
  std::mt19937_64 random(1);
  Noise noise(random);
  int changed = 0;
  for (int i = 0; i < 100; ++i) changed += noise.mutated("data: {\"index\":0}\n\n", "event: x") != "data: {\"index\":0}\n\n" ? 1 : 0;
  EXPECT_GT(changed, 80);
}

}  // namespace
}  // namespace belay::conform
