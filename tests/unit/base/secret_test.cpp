#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/hash.hpp"
#include "base/json.hpp"

namespace belay {
namespace {

constexpr const char* value = "sk-test/abc+\"def\"\n0123456789";

TEST(Secret, RevealsItsValueAndSharesItWithCopies) {
  const Secret secret(value);
  const Secret copy = secret;

  EXPECT_EQ(secret.reveal(), value);
  EXPECT_EQ(copy.reveal().data(), secret.reveal().data());
}

TEST(Secret, AnEmptyOneIsEmpty) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(Secret("") == Secret());
}

TEST(Secret, ComparesValues) {
  EXPECT_TRUE(Secret("abcdef") == Secret(std::string("abc") + "def"));
  EXPECT_FALSE(Secret("abcdef") == Secret("abcdeg"));
  EXPECT_FALSE(Secret("abcdef") == Secret("abcdefg"));
}

TEST(Secret, HoldsAnySizeAndByte) {
  for (const std::size_t size : {1u, 63u, 64u, 65u, 128u, 4095u, 4096u, 4097u, 100'000u}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31);
    EXPECT_EQ(Secret(bytes).reveal(), bytes) << size;
  }
}

TEST(Scrub, ReplacesTheValueWhileTheSecretLives) {
  {
    const Secret secret("sk-lives-for-a-while");
    EXPECT_EQ(scrub("bad key sk-lives-for-a-while, sorry"), "bad key [secret], sorry");
  }
  EXPECT_EQ(scrub("bad key sk-lives-for-a-while, sorry"), "bad key sk-lives-for-a-while, sorry");
}

TEST(Scrub, LivesAsLongAsAnyOfTheSame) {
  Secret second;
  {
    const Secret first("sk-one-of-two");
    second = Secret("sk-one-of-two");
    EXPECT_EQ(scrub("sk-one-of-two"), "[secret]");
  }
  EXPECT_EQ(scrub("sk-one-of-two"), "[secret]");
  second = Secret();
  EXPECT_EQ(scrub("sk-one-of-two"), "sk-one-of-two");
}

TEST(Scrub, FindsTheFormsThatServersEcho) {
  const Secret secret(value);
  const std::string echoes[] = {
      json::quoted(value),                            // {"error":"bad key sk-..."}
      R"("sk-test\/abc+\"def\"\n0123456789")",        // as PHP writes it
      "?key=sk-test%2Fabc%2B%22def%22%0A0123456789",  // percent-encoded
      "?key=sk-test%2fabc%2b%22def%22%0a0123456789",
      "Basic " + base64("u:" + std::string(value)),  // each alignment of user:secret
      "Basic " + base64("us:" + std::string(value)),
      "Basic " + base64("use:" + std::string(value)),
  };
  for (const auto& echo : echoes) {
    const std::string clean = scrub(echo);
    EXPECT_NE(clean.find("[secret]"), std::string::npos) << echo;
    EXPECT_EQ(clean.find("0123456789"), std::string::npos) << clean;
    EXPECT_LT(clean.size(), 30u) << clean;  // of base64, what the two characters at each end make stays
  }
}

TEST(Scrub, ShortValuesStay) {
  const Secret secret("abc12");
  EXPECT_EQ(scrub("abc12 abc12"), "abc12 abc12");
}

TEST(Scrub, OverlappingSecretsLeaveNothingOfEither) {
  const Secret first("AAAABBBB"), second("BBBBCCCC"), longer("AAAABBBBxx"), inner("BBBBxx");

  EXPECT_EQ(scrub("<AAAABBBBCCCC>"), "<[secret]>");
  EXPECT_EQ(scrub("<AAAABBBBxx>"), "<[secret]>");
}

TEST(Scrub, FindsItAtBothEndsAndManyTimes) {
  const Secret secret("needle-in-hay");
  EXPECT_EQ(scrub("needle-in-hay needle-in-hay.needle-in-hay"), "[secret] [secret].[secret]");
}

TEST(Scrub, FindsItWhereverItBegins) {
  for (const std::string value : {"sixsix", "seven77", "a-rather-longer-one"}) {
    const Secret secret(value);
    for (std::size_t at = 0; at < 40; ++at) {
      const std::string before(at, '.');
      for (const std::string behind : {"", ".", "..", "......."}) EXPECT_EQ(scrub(before + value + behind), before + "[secret]" + behind);
    }
  }
}

TEST(Scrub, HandsBackACleanTextAsItIs) {
  const Secret secret("sk-not-in-there");
  std::string text(10'000, 'x');
  const char* const where = text.data();
  const std::string out = scrub(std::move(text));
  EXPECT_EQ(out.data(), where);
}

TEST(Scrub, TellsSecretsWithACommonBeginningApart) {
  std::vector<Secret> secrets;
  for (int i = 0; i < 300; ++i) secrets.emplace_back("sk-proj-" + std::to_string(1000 + i));

  EXPECT_EQ(scrub("sk-proj-1007 sk-proj-2000 sk-proj-1299"), "[secret] sk-proj-2000 [secret]");
  secrets.erase(secrets.begin() + 7);
  EXPECT_EQ(scrub("sk-proj-1007 sk-proj-1008"), "sk-proj-1007 [secret]");
}

TEST(Scrub, WorksWhileOtherThreadsMakeAndDropSecrets) {
  const Secret stays("sk-stays-all-the-time");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 2000; ++i) {
        const Secret own("sk-thread-" + std::to_string((t + i) % 5));
        ASSERT_EQ(scrub("x sk-stays-all-the-time y " + std::string(own.reveal())), "x [secret] y [secret]");
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST(Wipe, Overwrites) {
  std::string text = "something";
  wipe(text.data(), text.size());
  EXPECT_EQ(text, std::string(9, '\0'));
}

}  // namespace
}  // namespace belay
