// Destroying a Transfer: at any moment, from anywhere on the loop, it closes the connection and ends the calls.
#include <gtest/gtest.h>

#include "names.hpp"
#include "rig.hpp"

namespace belay::http::test {
namespace {

/// Sends the head, and a piece every time it is told to; knows when the client has gone.
struct Dribble {
  Flag closed, asked;
  Server server{[this](Peer& peer) {
    peer.request();
    asked.set();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhello");
    if (peer.gone()) closed.set();
  }};
};

BELAY_BOTH_WAYS(Cancel);

TEST_P(Cancel, ClosesTheConnectionAtOnce) {
  Dribble dribble;
  Rig rig;
  Call call(rig, post(dribble.server.url(), "{}"));
  ASSERT_TRUE(call.wait_body(5));

  call.cancel();

  EXPECT_TRUE(dribble.closed.wait());
  EXPECT_EQ(call.dones, 0);
}

TEST_P(Cancel, BeforeTheReplyClosesTheConnection) {
  Flag asked, closed;
  Server server([&](Peer& peer) {
    peer.request();
    asked.set();
    if (peer.gone()) closed.set();
  });
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  ASSERT_TRUE(asked.wait());

  call.cancel();

  EXPECT_TRUE(closed.wait());
}

TEST_P(Cancel, InTheTurnOfItsStartSendsNothing) {
  Server server(Server::always("ok"));
  Rig rig;
  Call call(rig);
  rig.on_loop([&] {
    call.start_here(post(server.url(), "{}"));
    call.cancel_here();
  });

  Call later(rig, post(server.url(), "{}"));
  EXPECT_EQ(later.done().failure, Failure::none);
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(call.dones, 0);
}

TEST_P(Cancel, InsideOnHead) {
  Dribble dribble;
  Rig rig;
  Call call(rig);
  call.head_hook = [&] { call.cancel_here(); };
  call.start(post(dribble.server.url(), "{}"));

  EXPECT_TRUE(dribble.closed.wait());
  rig.on_loop([] {});
  EXPECT_TRUE(call.body.empty());
  EXPECT_EQ(call.dones, 0);
}

TEST_P(Cancel, InsideOnBody) {
  Dribble dribble;
  Rig rig;
  Call call(rig);
  call.body_hook = [&](std::string_view) {
    call.cancel_here();
    return true;
  };
  call.start(post(dribble.server.url(), "{}"));

  EXPECT_TRUE(dribble.closed.wait());
  rig.on_loop([] {});
  EXPECT_EQ(call.pieces.size(), 1u);
  EXPECT_EQ(call.dones, 0);
}

TEST_P(Cancel, InsideOnBodyThatAlsoPauses) {
  Dribble dribble;
  Rig rig;
  Call call(rig);
  call.body_hook = [&](std::string_view) {
    call.cancel_here();
    return false;
  };
  call.start(post(dribble.server.url(), "{}"));
  EXPECT_TRUE(dribble.closed.wait());
  EXPECT_EQ(call.dones, 0);
}

TEST_P(Cancel, InsideOnDone) {
  Server server(Server::always("ok"));
  Rig rig;
  Call call(rig);
  call.done_hook = [&] { call.cancel_here(); };
  call.start(post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none);
  EXPECT_EQ(call.dones, 1);
}

TEST_P(Cancel, OfAnotherInsideACall) {
  Dribble dribble;
  Server server(Server::always("ok"));
  Rig rig;
  Call other(rig, post(dribble.server.url(), "{}"));
  ASSERT_TRUE(other.wait_body(5));
  Call call(rig);
  call.body_hook = [&](std::string_view) {
    other.cancel_here();
    return true;
  };
  call.start(post(server.url(), "{}"));

  EXPECT_EQ(call.done().failure, Failure::none);
  EXPECT_TRUE(dribble.closed.wait());
  EXPECT_EQ(other.dones, 0);
}

TEST_P(Cancel, OfAllFromTheFirstOneDone) {
  // Ten replies that come at once; whoever is done first cancels the others, some of which are done as well but have
  // not been told yet.
  Flag go;
  std::atomic<int> waiting{0};
  Server server([&](Peer& peer) {
    peer.request();
    if (++waiting == 10) go.set();
    go.wait();
    peer.reply("ok");
    peer.gone();
  });
  Rig rig;
  std::vector<std::unique_ptr<Call>> calls;
  Flag first;
  for (int i = 0; i < 10; ++i) {
    calls.push_back(std::make_unique<Call>(rig));
    calls.back()->done_hook = [&, i] {
      for (int other = 0; other < 10; ++other)
        if (other != i) calls[static_cast<std::size_t>(other)]->cancel_here();
      first.set();
    };
  }
  for (auto& call : calls) call->start(post(server.url(), "{}"));
  ASSERT_TRUE(first.wait());

  rig.on_loop([] {});
  int dones = 0;
  for (auto& call : calls) dones += call->dones;
  EXPECT_EQ(dones, 1);
}

TEST_P(Cancel, DuringANameLookupThatHangsDoesNotStopTheLoop) {
  const std::string host = "hanging-" + to_string(GetParam()) + ".invalid";
  HangingLookup& lookup = hang_name(host);
  std::promise<void> cancelled;
  Rig rig;
  Call call(rig, post("http://" + host + "/", "{}"));
  ASSERT_TRUE(lookup.begun.wait());

  rig.loop().post([&] {
    call.cancel_here();
    cancelled.set_value();
  });

  EXPECT_EQ(cancelled.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
  lookup.may_end.set();
}

TEST_P(Cancel, LeavesNoDescriptorsBehind) {
  Dribble warm;
  Rig rig;
  {
    Call call(rig, post(warm.server.url(), "{}"));
    call.wait_body(5);
  }
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    Dribble dribble;
    Call call(rig, post(dribble.server.url(), "{}"));
    ASSERT_TRUE(call.wait_body(5));
    call.cancel();
    ASSERT_TRUE(dribble.closed.wait());
  }
  EXPECT_LE(open_descriptors(), before);
}

}  // namespace
}  // namespace belay::http::test
