// The other side of the refresh checks: what a token endpoint answers, what counts as a leak, and parts of a check in a process of their own.
#include "drive/token_endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <memory>
#include <random>

#include "drive/forked.hpp"

namespace belay::conform {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Endpoint : public ::testing::Test {
 protected:
  Endpoint() {
    types_[0] = {"oauth2", 6};
    descriptor_.credential_types = types_;
    descriptor_.credential_type_count = 1;
    subject_.descriptor = &descriptor_;
  }

  [[nodiscard]] NetworkRequest form(const std::string& token) const {
    return {"POST", std::string(generic_token_url), "grant_type=refresh_token&refresh_token=" + token + "&client_id=belay-conform", {}};
  }

  std::mt19937_64 random_{7};
  Subject subject_;
  belay_str types_[1];
  belay_descriptor descriptor_{};
  const Tokens tokens_{random_};
};

TEST_F(Endpoint, RotatesAndRefusesASpentToken) {
  TokenEndpoint endpoint(subject_.host, generic_login(subject_, tokens_), tokens_);
  const CassetteReply first = endpoint(form(tokens_.refresh(1)));
  EXPECT_EQ(first.status, 200);
  EXPECT_THAT(first.body, HasSubstr(tokens_.access(2)));
  EXPECT_THAT(first.body, HasSubstr(tokens_.refresh(2)));
  EXPECT_EQ(endpoint(form(tokens_.refresh(1))).status, 400);
  EXPECT_EQ(endpoint.refused(), 1);
  EXPECT_THAT(endpoint(form(tokens_.refresh(2))).body, HasSubstr(tokens_.access(3)));
  EXPECT_EQ(endpoint.requests(), 3U);
  EXPECT_EQ(endpoint.generation(), 3);
}

TEST_F(Endpoint, RefusesAGrantThatIsNoRefresh) {
  TokenEndpoint endpoint(subject_.host, generic_login(subject_, tokens_), tokens_);
  NetworkRequest request = form(tokens_.refresh(1));
  request.body = "refresh_token=" + tokens_.refresh(1);
  EXPECT_EQ(endpoint(request).status, 400);
}

TEST_F(Endpoint, AnswersOtherwiseAtTheRequestThatItIsToldUntilItBehaves) {
  Login login = generic_login(subject_, tokens_);
  login.generic = false;   // as a recording of two exchanges
  login.tape.refresh->exchanges.push_back({"POST", "https://login.belay.example/2", json_reply(200, "{}")});
  TokenEndpoint endpoint(subject_.host, login, tokens_);
  endpoint.answer(1, json_reply(503, ""));
  EXPECT_EQ(endpoint(form("x")).status, 200);
  EXPECT_EQ(endpoint(form("x")).status, 503);
  EXPECT_EQ(endpoint(form("x")).status, 0) << "beyond the recording there is nobody";
  endpoint.behave();
  EXPECT_EQ(endpoint(form("x")).status, 200);
  EXPECT_EQ(endpoint(form("x")).status, 200);
}

TEST_F(Endpoint, IsTheNetworkOnlyAsLongAsItLives) {
  {
    TokenEndpoint endpoint(subject_.host, generic_login(subject_, tokens_), tokens_);
    EXPECT_TRUE(subject_.host.network);
    EXPECT_EQ(subject_.host.sources["refresh_token"], tokens_.refresh(1));
  }
  EXPECT_FALSE(subject_.host.network);
  EXPECT_TRUE(subject_.host.sources.empty());
}

TEST_F(Endpoint, TriesTheGenericLoginOnlyWithAPluginThatTakesIt) {
  EXPECT_EQ(logins_of(subject_, tokens_).size(), 1U);
  types_[0] = {"api_key", 7};
  EXPECT_TRUE(logins_of(subject_, tokens_).empty());
}

TEST(FormValue, IsDecodedAndFoundByItsWholeName) {
  EXPECT_EQ(form_value("token=1&refresh_token=a%2Bb%3d+c%26&x=2", "refresh_token"), "a+b= c&");
  EXPECT_EQ(form_value("refresh_token_2=x", "refresh_token"), "");
  EXPECT_EQ(form_value("a=1&b", "b"), "");
  EXPECT_EQ(form_value("a=%4", "a"), "%4");
}

TEST(Outcome, OfAnErrorStatusIsTransientAndOfNothingEmittedUnchanged) {
  Refreshed got;
  got.out.outcome = BELAY_REFRESHED;
  EXPECT_EQ(outcome_of(got), BELAY_UNCHANGED);
  got.emitted = {{"secret", "x", true}};
  EXPECT_EQ(outcome_of(got), BELAY_REFRESHED);
  got.status = BELAY_ERR_INTERNAL;
  EXPECT_EQ(outcome_of(got), BELAY_FAILED_TRANSIENT);
  got.status = BELAY_ERR_CANCELLED;
  EXPECT_EQ(outcome_of(got), BELAY_REFRESH_CANCELLED);
  got.status = BELAY_OK;
  got.out.outcome = 99;
  EXPECT_EQ(outcome_of(got), BELAY_FAILED_TRANSIENT);
}

TEST(Outcome, HasTheWordsOfCassettes) {
  EXPECT_EQ(outcome_number("refreshed"), BELAY_REFRESHED);
  EXPECT_EQ(outcome_number("needs_interaction"), BELAY_NEEDS_INTERACTION);
  EXPECT_EQ(outcome_number("cancelled"), BELAY_REFRESH_CANCELLED);
  EXPECT_EQ(outcome_number("fine"), 0U);
}

TEST(Told, NamesFieldsAndNeverTheirValues) {
  Refreshed got;
  got.out.outcome = BELAY_REFRESHED;
  got.emitted = {{"secret", "at-hidden", true}, {"refresh_token", "rt-hidden", true}};
  EXPECT_THAT(told(got), HasSubstr("emitted secret and refresh_token"));
  EXPECT_THAT(told(got), Not(HasSubstr("hidden")));
}

TEST(Leaks, AreSeenInEverySpelling) {
  Leaks leaks;
  leaks.add("rt-1/a+b\"c");
  EXPECT_TRUE(leaks.in("token rt-1/a+b\"c was refused"));
  EXPECT_TRUE(leaks.in("https://x.example/?t=rt-1%2Fa%2Bb%22c"));
  EXPECT_TRUE(leaks.in(R"({"t":"rt-1/a+b\"c"})"));
  EXPECT_FALSE(leaks.in("token rt-1 was refused"));
}

TEST(Packed, ComesBackAsItWas) {
  const std::vector<std::string> texts{"", "a:b", std::string("\0:1", 3), "long " + std::string(5000, 'x')};
  EXPECT_EQ(unpacked(packed(texts)), texts);
  EXPECT_TRUE(unpacked("").empty());
  EXPECT_TRUE(unpacked("no number").empty());
}

TEST(Forked, SpeaksBothWaysAndEndsWithItsWork) {
  Forked process([](Line& parent) {
    const auto heard = parent.hear(std::chrono::seconds(20));
    parent.say("got " + heard.value_or("nothing"));
  });
  EXPECT_TRUE(process.line().say("a word"));
  EXPECT_EQ(process.line().hear(std::chrono::seconds(20)), "got a word");
  EXPECT_EQ(process.end(std::chrono::seconds(20)), "exit status 0");
}

TEST(Forked, TellsWhatItThrewAndHowItWasKilled) {
  Forked throwing([](Line&) { throw std::runtime_error("no"); });
  EXPECT_EQ(unpacked(throwing.line().hear(std::chrono::seconds(20)).value_or("")), (std::vector<std::string>{"threw", "no"}));
  EXPECT_EQ(throwing.end(std::chrono::seconds(20)), "exit status 3");
  Forked dying([](Line&) { ::raise(SIGKILL); });
  EXPECT_THAT(dying.end(std::chrono::seconds(20)), HasSubstr("signal 9"));
}

TEST(Forked, IsKilledWhenItDoesNotEnd) {
  Forked sleeping([](Line& parent) {
    parent.say(std::to_string(::getpid()));
    ::pause();
  });
  const auto pid = sleeping.line().hear(std::chrono::seconds(20));
  ASSERT_TRUE(pid);
  EXPECT_EQ(sleeping.end(std::chrono::milliseconds(50)), "it did not end");
  EXPECT_EQ(::kill(std::stoi(*pid), 0), -1);
}

}  // namespace
}  // namespace belay::conform
