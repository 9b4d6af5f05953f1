// connect_timeout covers name lookup, TCP and TLS. Its tests wait for it to pass, so it is short; nothing in them
// depends on how short.
#include <gtest/gtest.h>

#include "certificates.hpp"
#include "rig.hpp"

namespace belay::http::test {
namespace {

Request impatient(Request request) {
  request.connect_timeout = Millis(300);
  return request;
}

BELAY_BOTH_WAYS(ConnectTimeout);

TEST_P(ConnectTimeout, EndsAConnectionThatIsNotAnswered) {
  FullListener full;
  Rig rig;
  const auto begin = std::chrono::steady_clock::now();
  Call call(rig, impatient(post("http://127.0.0.1:" + std::to_string(full.port()) + "/", "{}")));

  EXPECT_EQ(call.done().failure, Failure::connect_timeout) << call.done().message;
  EXPECT_FALSE(call.done().head_seen);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, Millis(290));
}

TEST(TlsConnectTimeout, CoversTheHandshake) {
  Server silent([](Peer& peer) { peer.gone(); });
  Rig rig;
  Call call(rig, impatient(post("https://127.0.0.1:" + std::to_string(silent.port()) + "/", "{}")));

  EXPECT_EQ(call.done().failure, Failure::connect_timeout) << call.done().message;
}

TEST(TlsConnectTimeout, IsTheSameForTransfersThatWaitForAnothersConnection) {
  // The gate (gate.hpp) holds all but the first: they must not wait one after the other.
  Server silent([](Peer& peer) { peer.gone(); });
  Rig rig;
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < 10; ++i) calls.push_back(std::make_unique<Call>(rig));
  rig.on_loop([&] {
    for (auto& call : calls)
      call->start_here(impatient(post("https://127.0.0.1:" + std::to_string(silent.port()) + "/", "{}")));
  });

  for (auto& call : calls) EXPECT_EQ(call->done().failure, Failure::connect_timeout) << call->done().message;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, Millis(2'900));
}

TEST_P(ConnectTimeout, DoesNotCountTheReply) {
  Server slow([](Peer& peer) {
    peer.request();
    // Longer than connect_timeout: nothing comes that could be waited for instead.
    std::this_thread::sleep_for(Millis(700));
    peer.reply("late");
    peer.gone();
  });
  Rig rig;
  Call call(rig, impatient(post(slow.url(), "{}")));

  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, "late");
}

}  // namespace
}  // namespace belay::http::test
