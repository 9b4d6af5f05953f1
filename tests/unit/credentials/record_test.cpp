#include "record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;

TEST(Record, ComesBackWhole) {
  Record record;
  record.generation = 7;
  record.grant = "g";
  record.endpoint = "e";
  record.seen = {{"refresh_token", "f1"}};
  record.given = {"f1", "f2"};
  record.issued = {"f3"};
  record.replaced = 2;
  record.fields = {{"secret", Secret("at \"1\""), true}, {"account", Secret("me"), false}};
  record.since = 1;
  record.expires = 2;
  record.refresh_after = 3;
  record.refreshed_at = 4;
  record.in_flight = 5;
  record.unwritten = true;
  record.last = LastOutcome{RefreshOutcome::failed_permanent, 7, 6, "why"};
  const auto again = decode_record("grant/g", encode_record(record));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(encode_record(*again), encode_record(record));
  EXPECT_EQ(again->fields[0].value.reveal(), "at \"1\"");
  EXPECT_FALSE(again->fields[1].secret);
  EXPECT_EQ(again->last->outcome, RefreshOutcome::failed_permanent);
  EXPECT_EQ(again->in_flight, 5);
}

TEST(Record, DamageNamesTheRecordAndTheMember) {
  for (const auto& [text, member] :
       std::vector<std::pair<std::string, std::string>>{{"{}", "generation"},
                                                        {"[]", "no JSON object"},
                                                        {R"({"generation":0})", "generation"},
                                                        {R"({"generation":-1})", "generation"},
                                                        {R"({"generation":1,"fields":[{}]})", "fields"},
                                                        {R"({"generation":1,"seen":[]})", "seen"},
                                                        {R"({"generation":1,"given":[1]})", "given"},
                                                        {R"({"generation":1,"expires":"x"})", "expires"},
                                                        {R"({"generation":1,"last":{"outcome":"well"}})", "last"}}) {
    const auto record = decode_record("grant/abc", text);
    ASSERT_FALSE(record) << text;
    EXPECT_THAT(record.error().message, ::testing::AllOf(HasSubstr("grant/abc"), HasSubstr(member)));
  }
}

TEST(Record, TheFirstTokenOfAGrantIsNeverForgotten) {
  Record record;
  for (int i = 0; i < 1000; ++i) learn(record.given, std::to_string(i));
  EXPECT_LT(record.given.size(), 300U);
  EXPECT_TRUE(knows(record, "0"));
  EXPECT_TRUE(knows(record, "999"));
  EXPECT_FALSE(knows(record, "1"));
}

}  // namespace
}  // namespace belay::credentials
