// What is taken for a request to compress or to title, and what is refused so that the chain goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asking.hpp"

namespace belay::extractive_test {

namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* label = "[Extract made offline by extractive-1";

const std::vector<Message> talk = {{"user",
                                    "Our importer crashes on /srv/import/orders.csv since Tuesday. It has 48,211 rows "
                                    "and Maren needs it for the audit on 3 March."},
                                   {"assistant",
                                    "The file has a byte order mark; read_header() in importer/header.py takes it for "
                                    "a part of the first column name, which is then unknown."},
                                   {"user",
                                    "We decided last year to refuse such files, but Maren's supplier always sends "
                                    "them. So please accept the mark from now on, and log it."},
                                   {"assistant",
                                    "Done in commit 4be91c7: header.py skips the mark and logs the file's name. 312 "
                                    "tests pass. Still open: should the exporter write one too?"},
                                   {"user",
                                    "Not sure, I'll ask Tobias. Leave the exporter as it is. The next thing is the "
                                    "time zone of the column created_at, which is wrong by 2 hours."},
                                   {"assistant",
                                    "created_at is written in local time by exporter/rows.py line 88, and the importer "
                                    "takes it for UTC. In summer that makes two hours."}};

std::vector<Message> with(std::vector<Message> messages, const std::string& role, const std::string& text) {
  messages.push_back({role, text});
  return messages;
}

std::vector<Message> led_by(const std::string& text) {
  std::vector<Message> out = {{"system", text}};
  out.insert(out.end(), talk.begin(), talk.end());
  return out;
}

}  // namespace

class AsksToCompress : public testing::TestWithParam<const char*> {};

TEST_P(AsksToCompress, IsAnsweredWithAnExtractWithoutTheInstruction) {
  const Reply reply = ask(body_of(with(talk, "user", GetParam())));
  ASSERT_EQ(reply.error, "");
  EXPECT_THAT(reply.text, StartsWith("[")) << "says what it is first";
  EXPECT_THAT(reply.text, HasSubstr("offline"));
  EXPECT_THAT(reply.text, Not(HasSubstr(GetParam())));
  EXPECT_EQ(reply.model, "extractive-1");
}

INSTANTIATE_TEST_SUITE_P(
    Order, AsksToCompress,
    testing::Values("Please summarise our conversation so far.", "Summarize the above", "/compact", "TL;DR",
                    "Condense this chat, keep all numbers.",
                    "Create a detailed summary of the conversation so that another agent can go on.",
                    "Write a handoff note for this session.", "Fasse unser Gespräch bitte zusammen.",
                    "Résume cette conversation. Fais un résumé de la conversation.",
                    "Haz un resumen de esta conversación.", "请总结以上对话。", "この会話を要約してください"));

class AsksSomethingElse : public testing::TestWithParam<const char*> {};

TEST_P(AsksSomethingElse, IsRefused) {
  const Reply reply = ask(body_of(with(talk, "user", GetParam())));
  EXPECT_EQ(reply.text, "");
  ASSERT_EQ(reply.events.seen.size(), 1u) << "an error alone, without a beginning";
  EXPECT_THAT(reply.error, HasSubstr("task_unsupported"));
}

INSTANTIATE_TEST_SUITE_P(Order, AsksSomethingElse,
                         testing::Values("And what about the exporter?",
                                         "Write a function that compresses a directory with zstd and prints the ratio "
                                         "of sizes it reached, file by file.",
                                         "Set checkpoint.resume=false in this session's config.",
                                         "What is the title of the second column?",
                                         "Make the table more compact, please, and right-align it"));

TEST(Order, SystemMessageAsksToo) {
  EXPECT_THAT(ask(body_of(led_by("You compress conversations. Summarise the conversation you are given."))).text,
              HasSubstr("extractive-1"));
}

TEST(Order, AgentsSystemMessageWithToolsIsNoRequest) {
  const Reply reply =
      ask(body_of(with(led_by("You can summarise this conversation when it gets long."), "user", "Fix it."),
                  R"("tools":[{"type":"function","function":{"name":"sh"}}])"));
  EXPECT_THAT(reply.error, HasSubstr("task_unsupported"));
}

TEST(Order, TranscriptInOneMessageIsTakenApart) {
  std::string text = "Summarise the following conversation for the next shift.\n\n";
  for (const Message& message : talk)
    text += (message.role == "user" ? "User: " : "Assistant: ") + message.text + "\n\n";
  const Reply reply = ask(body_of({{"user", text}}));
  EXPECT_THAT(reply.text, StartsWith(label));
  EXPECT_THAT(reply.text, Not(HasSubstr("next shift")));
  EXPECT_THAT(reply.text, HasSubstr("/srv/import/orders.csv"));
  EXPECT_THAT(reply.text, HasSubstr("## Goal"));
}

TEST(Order, WhatStandsBeforeTheAskingIsKept) {
  const Reply reply = ask(body_of(with(
      talk, "user", "I rolled back to 7.31.4 at 17:45 and Tobias watches it. Please summarise this conversation.")));
  EXPECT_THAT(reply.text, HasSubstr("7.31.4"));
}

TEST(Order, LongHistoryIsCompressedWithoutAsking) {
  std::vector<Message> messages;
  for (int i = 0; i < 4; ++i) messages.insert(messages.end(), talk.begin(), talk.end());
  messages.push_back({"user", "And the exporter?"});
  EXPECT_THAT(ask(body_of(messages)).text, StartsWith(label));
  EXPECT_THAT(ask(body_of(messages), R"({"min_messages": 40})").error, HasSubstr("task_unsupported"));
}

TEST(Order, HistoryThatEndsWithAnAnswerIsCompressed) { EXPECT_THAT(ask(body_of(talk)).text, StartsWith("[")); }

TEST(Order, OptionTaskDecidesForEveryRequest) {
  EXPECT_THAT(ask(body_of(with(talk, "user", "And the exporter?")), R"({"task": "compress"})").text,
              HasSubstr("offline"));
  EXPECT_THAT(ask(body_of(talk), R"({"task": "title"})").text, Not(HasSubstr("\n")));
}

TEST(Order, WhatNeedsAModelIsRefusedWithTheReason) {
  const auto asking = with(talk, "user", "Summarise this conversation.");
  EXPECT_THAT(ask(body_of(asking, R"("response_format":{"type":"json_object"})")).error, HasSubstr("JSON"));
  EXPECT_THAT(ask(body_of(asking, R"("tools":[{}],"tool_choice":"required")")).error, HasSubstr("tools"));
  EXPECT_THAT(ask(body_of(asking, R"("n":2)")).error, HasSubstr("choice"));
  EXPECT_THAT(ask(R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:"}}]},
                     {"role":"user","content":"Summarise the above"}]})")
                  .error,
              HasSubstr("text only"));
  EXPECT_THAT(ask(R"({"messages":[]})").error, HasSubstr("task_unsupported"));
}

}  // namespace belay::extractive_test
