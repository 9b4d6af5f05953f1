// What an extract is for: at 15 % of the length it keeps at least three times as many of the facts that people wrote
// down beside three conversations (NAME.facts.json) as the beginning and end of the same size do. The plugin knows
// nothing of these files.
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "asking.hpp"

namespace belay::extractive_test {

namespace {

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// What was said: the contents of all messages, one under the other.
std::string said_in(const std::string& body) {
  rapidjson::Document document;
  document.Parse(body.data(), body.size());
  std::string out;
  for (const auto& message : document["messages"].GetArray()) {
    if (!message["content"].IsString()) continue;
    if (!out.empty()) out += '\n';
    out.append(message["content"].GetString(), message["content"].GetStringLength());
  }
  return out;
}

std::vector<std::string> facts_of(const std::string& json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  std::vector<std::string> out;
  for (const auto& fact : document["facts"].GetArray()) out.push_back(lowered(fact["text"].GetString()));
  return out;
}

std::size_t kept(const std::vector<std::string>& facts, const std::string& text) {
  const std::string low = lowered(text);
  return static_cast<std::size_t>(
      std::count_if(facts.begin(), facts.end(), [&](const auto& fact) { return low.find(fact) != std::string::npos; }));
}

std::string head_and_tail(const std::string& text, std::size_t size) {
  return text.substr(0, size / 2) + "\n" + text.substr(text.size() - (size - size / 2));
}

}  // namespace

class Conversation : public testing::TestWithParam<const char*> {
 protected:
  const std::string body_ = file(std::string(GetParam()) + ".json");
  const std::string said_ = said_in(body_);
  const std::vector<std::string> facts_ = facts_of(file(std::string(GetParam()) + ".facts.json"));
};

TEST_P(Conversation, HasItsFactsSpreadOverAllOfIt) {
  EXPECT_GE(facts_.size(), 40u);
  std::array<std::size_t, 5> fifths{};
  const std::string low = lowered(said_);
  for (const auto& fact : facts_) {
    const std::size_t at = low.find(fact);
    ASSERT_NE(at, std::string::npos) << fact << " is not in the conversation";
    ++fifths[at * fifths.size() / low.size()];
  }
  for (const std::size_t in_fifth : fifths) {
    EXPECT_GE(in_fifth * 12, facts_.size());
    EXPECT_LE(in_fifth * 3, facts_.size());
  }
}

TEST_P(Conversation, KeepsThreeTimesTheFactsOfHeadAndTail) {
  const Reply reply = ask(body_);
  ASSERT_EQ(reply.status.status, BELAY_OK) << reply.status.text;
  EXPECT_LE(reply.text.size(), said_.size() * 15 / 100);
  const std::size_t ours = kept(facts_, reply.text);
  const std::size_t theirs = kept(facts_, head_and_tail(said_, said_.size() * 15 / 100));
  RecordProperty("facts", static_cast<int>(facts_.size()));
  RecordProperty("kept", static_cast<int>(ours));
  RecordProperty("head_and_tail", static_cast<int>(theirs));
  EXPECT_GE(ours, 3 * std::max<std::size_t>(theirs, 1)) << ours << " of " << facts_.size() << " against " << theirs;
  EXPECT_GE(ours * 5, facts_.size() * 2) << "two in five at least, whatever head and tail keep";
}

INSTANTIATE_TEST_SUITE_P(Facts, Conversation,
                         testing::Values("webhook-duplicates", "settlement-incident", "peatland-season"),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace belay::extractive_test
