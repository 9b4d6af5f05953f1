// From a name to a connection: every address gets its chance, a name is looked up once, and one that hangs holds up
// nobody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "names.hpp"
#include "rig.hpp"

namespace belay::http::test {
namespace {

std::string url_of(const std::string& host, const Server& server) {
  return "http://" + host + ":" + std::to_string(server.port()) + "/";
}

BELAY_BOTH_WAYS(Name);

TEST_P(Name, LocalhostIsTheLoopbackAddressThatAnswers) {
  Server server(Server::always("ok"));  // on 127.0.0.1, not on ::1
  Rig rig;
  for (int i = 0; i < 2; ++i) {
    Call call(rig, get(url_of("localhost", server)));
    EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  }
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(lookups_of("localhost"), 0);
}

TEST_P(Name, IsLookedUpOnceForManyRequests) {
  const std::string host = "once-" + to_string(GetParam()) + ".invalid";
  give_name(host, {"127.0.0.1"});
  Server server(Server::always("ok", "200 OK", "Connection: close\r\n"));
  Rig rig;
  for (int i = 0; i < 5; ++i) {
    Call call(rig, get(url_of(host, server)));
    ASSERT_EQ(call.done().failure, Failure::none) << call.done().message;
  }
  EXPECT_EQ(server.connections(), 5);
  EXPECT_EQ(lookups_of(host), 1);
}

TEST_P(Name, ThatWasUnknownIsLookedUpAgain) {
  const std::string host = "later-" + to_string(GetParam()) + ".invalid";
  give_name(host, {});
  Server server(Server::always("ok"));
  Rig rig;
  Call early(rig, get(url_of(host, server)));
  EXPECT_EQ(early.done().failure, Failure::resolve);
  EXPECT_THAT(early.done().message,
              testing::StartsWith(host + ":" + std::to_string(server.port()) + ": the host name cannot be resolved ("));

  give_name(host, {"127.0.0.1"});

  Call late(rig, get(url_of(host, server)));
  EXPECT_EQ(late.done().failure, Failure::none) << late.done().message;
}

TEST_P(Name, LookupThatHangsIsCoveredByTheConnectTimeout) {
  const std::string host = "hangs-" + to_string(GetParam()) + ".invalid";
  HangingLookup& lookup = hang_name(host);
  Rig rig;
  Request request = get("http://" + host + "/");
  request.connect_timeout = Millis(300);
  Call call(rig, std::move(request));

  const Done done = call.done();
  lookup.may_end.set();

  EXPECT_THAT(done.failure, testing::AnyOf(Failure::connect_timeout, Failure::resolve)) << done.message;
  if (GetParam() == Way::direct) {
    EXPECT_EQ(done.failure, Failure::connect_timeout);
  }
}

TEST(DirectName, NextAddressIsTriedWhenOneRefuses) {
  const std::string host = "three.invalid";
  give_name(host, {"127.0.0.2", "127.0.0.3", "127.0.0.1"});
  Server server(Server::always("ok"));
  Rig rig;
  Call call(rig, get(url_of(host, server)));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
}

TEST(DirectName, RequestsAtOnceShareALookup) {
  const std::string host = "burst.invalid";
  give_name(host, {"127.0.0.1"});
  Server server(Server::always("ok"));
  Rig rig;
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < 20; ++i) calls.push_back(std::make_unique<Call>(rig));
  rig.on_loop([&] {
    for (auto& call : calls) call->start_here(get(url_of(host, server)));
  });
  for (auto& call : calls) EXPECT_EQ(call->done().failure, Failure::none) << call->done().message;
  EXPECT_EQ(lookups_of(host), 1);
}

TEST(DirectName, CancelledOnesDoNotStopALookupForTheOthers) {
  const std::string host = "leave.invalid";
  HangingLookup& lookup = hang_name(host);
  Rig rig;
  Call leaves(rig), stays(rig);
  rig.on_loop([&] {
    leaves.start_here(get("http://" + host + "/"));
    stays.start_here(get("http://" + host + "/"));
  });
  ASSERT_TRUE(lookup.begun.wait());

  leaves.cancel();
  lookup.may_end.set();

  EXPECT_EQ(stays.done().failure, Failure::resolve) << stays.done().message;
  EXPECT_EQ(leaves.dones, 0);
}

TEST(DirectName, HangingLookupHoldsUpNeitherOtherNamesNorTheEndOfTheClient) {
  HangingLookup& lookup = hang_name("stuck.invalid");
  give_name("free.invalid", {"127.0.0.1"});
  Server server(Server::always("ok"));
  {
    Rig rig;
    Call stuck(rig, get("http://stuck.invalid/"));
    ASSERT_TRUE(lookup.begun.wait());
    Call free(rig, get(url_of("free.invalid", server)));
    EXPECT_EQ(free.done().failure, Failure::none) << free.done().message;
  }
  // The loop and its client are gone; what the lookup brings has nowhere to go.
  lookup.may_end.set();
}

TEST(DirectName, AddressThatSwallowsPacketsDoesNotHideTheNext) {
  Server server(Server::always("ok"));
  FullListener swallows(0x7f000002, server.port());
  give_name("dark.invalid", {"127.0.0.2", "127.0.0.1"});
  Rig rig;
  Request request = get(url_of("dark.invalid", server));
  request.connect_timeout = Millis(2'400);
  auto begin = std::chrono::steady_clock::now();
  Call call(rig, std::move(request));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, Millis(2'300)) << "half of the time is the first one's";

  // The one that answered is tried first from now on.
  rig.on_loop([&] { rig.client().drop_idle(); });
  begin = std::chrono::steady_clock::now();
  Call again(rig, get(url_of("dark.invalid", server)));
  EXPECT_EQ(again.done().failure, Failure::none) << again.done().message;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, Millis(4'000))
      << "half of ten seconds is what 127.0.0.2 would get";
}

}  // namespace
}  // namespace belay::http::test
