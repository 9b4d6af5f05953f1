// How an extract looks: verbatim, within its length, valid, the same every time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/memorystream.h>

#include <cctype>
#include <ctime>
#include <sstream>

#include "asking.hpp"

namespace belay::extractive_test {

namespace {

using testing::HasSubstr;
using testing::Not;

std::string flat(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!std::isspace(static_cast<unsigned char>(c))) out += c;
  }
  return out;
}

bool is_utf8(std::string_view text) {
  rapidjson::Document document;
  const std::string json = json_string(text);
  return !document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size()).HasParseError();
}

/// All strings of a body, without white space.
std::string everything_in(const std::string& body) {
  rapidjson::Document document;
  document.Parse(body.data(), body.size());
  std::string out;
  for (const auto& message : document["messages"].GetArray()) {
    if (message["content"].IsString()) out += flat(message["content"].GetString());
    if (!message.HasMember("tool_calls")) continue;
    for (const auto& call : message["tool_calls"].GetArray()) {
      rapidjson::Document arguments;
      arguments.Parse(call["function"]["arguments"].GetString());
      out += call["function"]["name"].GetString();
      for (const auto& argument : arguments.GetObject()) {
        out += std::string(argument.name.GetString()) + "=";
        out += argument.value.IsString() ? flat(argument.value.GetString()) : std::to_string(argument.value.GetInt());
      }
    }
  }
  return out;
}

std::vector<std::string> pieces_of(const std::string& line) {
  std::vector<std::string> out;
  std::string rest = line.substr(2);
  const std::string gap = "…";
  for (std::size_t at = rest.find(gap); at != std::string::npos; at = rest.find(gap)) {
    out.push_back(flat(rest.substr(0, at)));
    rest = rest.substr(at + gap.size());
  }
  out.push_back(flat(rest));
  return out;
}

std::string long_talk(std::size_t messages) {
  std::vector<Message> out;
  for (std::size_t i = 0; i < messages; ++i) {
    const std::string n = std::to_string(i);
    out.push_back({i % 2 == 0 ? "user" : "assistant",
                   "Batch " + n + " of depot " + std::to_string(i * 37 % 1000) + " went to /srv/depot/" + n +
                       "/load.csv and took " + std::to_string(i * 13 % 997) +
                       " ms. We talked about the weather for a while after that, as people do. "
                       "Then nothing happened, and it went on as it had before, quietly."});
  }
  out.push_back({"user", "Summarise this conversation."});
  return body_of(out);
}

}  // namespace

TEST(Extract, EverySentenceIsTheConversationsOwn) {
  for (const char* name : {"webhook-duplicates.json", "settlement-incident.json", "peatland-season.json"}) {
    const std::string body = file(name);
    const std::string all = everything_in(body);
    std::istringstream lines(ask(body).text);
    std::size_t checked = 0;
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("- ")) continue;
      for (const auto& piece : pieces_of(line)) {
        EXPECT_NE(all.find(piece), std::string::npos) << name << ": " << line;
        ++checked;
      }
    }
    EXPECT_GT(checked, 20u);
  }
}

TEST(Extract, HasItsSectionsInOrder) {
  const std::string text = ask(file("webhook-duplicates.json")).text;
  std::size_t last = 0;
  for (const char* heading : {"[Extract made offline by extractive-1", "\n## Goal\n", "\n## Decisions\n",
                              "\n## Facts\n", "\n## Files\n", "\n## Open questions\n", "\n## Latest state\n"}) {
    const std::size_t at = text.find(heading);
    ASSERT_NE(at, std::string::npos) << heading;
    EXPECT_GE(at, last) << heading;
    last = at;
  }
}

TEST(Extract, IsTheSameEveryTime) {
  const std::string body = file("settlement-incident.json");
  const std::string first = ask(body).text;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(body).text, first);
}

TEST(Extract, ComesLineByLine) {
  const Reply reply = ask(file("settlement-incident.json"));
  const auto& seen = reply.events.seen;
  EXPECT_EQ(seen.front().type, BELAY_EVENT_MESSAGE_START);
  EXPECT_EQ(seen.back().type, BELAY_EVENT_STOP);
  EXPECT_EQ(seen.back().num, BELAY_STOPPED_END);
  EXPECT_GT(seen.size(), 20u);
  for (std::size_t i = 1; i + 2 < seen.size(); ++i) EXPECT_EQ(seen[i].a.find('\n'), seen[i].a.size() - 1);
}

TEST(Extract, MaxTokensIsACap) {
  const std::string body = file("webhook-duplicates.json");
  const std::string longest = ask(body).text;
  for (const int tokens : {1, 20, 100, 400, 1000}) {
    const std::string limited = "{\"max_completion_tokens\":" + std::to_string(tokens) + "," + body.substr(1);
    const std::string text = ask(limited).text;
    EXPECT_LE(text.size(), static_cast<std::size_t>(tokens) * 4) << tokens;
    EXPECT_TRUE(is_utf8(text));
  }
  EXPECT_EQ(ask("{\"max_tokens\":100000," + body.substr(1)).text, longest) << "a cap makes nothing longer";
}

TEST(Extract, RatioIsAnOption) {
  const std::string body = file("webhook-duplicates.json");
  const std::size_t usual = ask(body).text.size();
  EXPECT_GT(ask(body, R"({"ratio": 0.3})").text.size(), usual * 3 / 2);
  EXPECT_LT(ask(body, R"({"ratio": 0.05})").text.size(), usual / 2);
}

TEST(Extract, IsNeverLongerThanTheConversation) {
  for (const std::size_t size : {1u, 5u, 30u, 100u, 239u, 300u, 700u}) {
    const std::string said(size, 'x');
    const Reply reply = ask(body_of({{"user", said}, {"assistant", "ok"}, {"user", "Summarise this conversation."}}),
                            R"({"ratio": 1})");
    EXPECT_LE(reply.text.size(), size + 2) << size;
    EXPECT_FALSE(reply.text.empty());
  }
}

TEST(Extract, CutsNoCharacterInTwo) {
  std::vector<Message> messages;
  for (int i = 0; i < 40; ++i) {
    messages.push_back({"user", "数据库迁移在第" + std::to_string(i) + "台服务器上失败了。我们决定回滚到版本4." +
                                    std::to_string(i) +
                                    "。谁来通知客户？"
                                    "Größenänderung für Łukasz 🚧 ещё не решено…"});
  }
  messages.push_back({"user", "请总结以上对话。"});
  for (const char* options : {"{}", R"({"ratio": 0.02})", R"({"ratio": 0.5})"}) {
    const Reply reply = ask(body_of(messages), options);
    EXPECT_TRUE(is_utf8(reply.text));
    for (const auto& event : reply.events.seen) EXPECT_TRUE(is_utf8(event.a));
  }
}

TEST(Extract, ReadsPartsAndToolCallsAndTerminalColours) {
  const std::string noise(1500, 'z');
  const std::string body = R"({"messages":[
    {"role":"user","content":[{"type":"text","text":"Why does /opt/relay/start.sh fail since build 7713?"},{"type":"image_url","image_url":{"url":"data:x"}}]},
    {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"bash","arguments":"{\"command\":\"tail -3 /var/log/relay/today.log\"}"}}]},
    {"role":"tool","tool_call_id":"a","content":"\u001b[31mERROR\u001b[0m relay: certificate of node-41 expired 9 days ago\r\n)" +
                           noise + R"("},
    {"role":"assistant","content":"The certificate of node-41 has expired."},
    {"role":"user","content":"Summarise this conversation."}]})";
  const std::string text = ask(body, R"({"ratio": 0.4})").text;
  EXPECT_THAT(text, HasSubstr("/opt/relay/start.sh"));
  EXPECT_THAT(text, HasSubstr("/var/log/relay/today.log"));
  EXPECT_THAT(text, HasSubstr("certificate of node-41"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("[31m")));
}

TEST(Extract, RepeatedLogLinesDontCrowdOutWhatWasSaid) {
  std::string log;
  for (int i = 0; i < 800; ++i)
    log += "2026-03-04T10:00:" + std::to_string(i % 60) + "Z INFO shard " + std::to_string(i) + " flushed " +
           std::to_string(i * 7) + " rows\n";
  const Reply reply = ask(
      body_of({{"user", "Shard 12 of the Halden cluster is slow. Find out why, the limit is 250 ms."},
               {"tool", log},
               {"assistant", "We decided to move shard 12 to /data/fast, because the disk of host brix07 is at 97 %."},
               {"user", "Summarise this conversation."}}),
      R"({"ratio": 0.03})");
  EXPECT_THAT(reply.text, HasSubstr("/data/fast"));
  EXPECT_THAT(reply.text, HasSubstr("250 ms"));
  EXPECT_THAT(reply.text, HasSubstr("brix07"));
}

TEST(Extract, TimeGrowsWithTheLengthAndNoFaster) {
  const auto cost = [](std::size_t messages) {
    const std::string body = long_talk(messages);
    const std::clock_t begin = std::clock();
    EXPECT_FALSE(ask(body).text.empty());
    return static_cast<double>(std::clock() - begin);
  };
  cost(500);
  EXPECT_LT(cost(16000), 24 * cost(2000)) << "eight times the input, three times that for caches";
}

}  // namespace belay::extractive_test
