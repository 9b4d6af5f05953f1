// TLS: whom we believe.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "certificates.hpp"
#include "rig.hpp"

namespace belay::http::test {
namespace {

TEST(Tls, CaFileMakesTheServerTrusted) {
  Certificates certificates;
  Server server(Server::always("over tls"), certificates.server());
  EndpointSettings endpoint;
  endpoint.ca_file = certificates.ca_file();
  Rig rig;
  for (int i = 0; i < 5; ++i) {
    Request request = post(server.url(), "{}");
    request.endpoint = &endpoint;
    Call call(rig, std::move(request));
    ASSERT_EQ(call.done().failure, Failure::none) << call.done().message;
    ASSERT_EQ(call.body, "over tls");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(Tls, WithoutItTheServerIsRefusedBeforeARequest) {
  Certificates certificates;
  std::atomic<int> requests{0};
  Server server(
      [&](Peer& peer) {
        if (peer.request()) ++requests;
      },
      certificates.server());
  Rig rig;
  Call call(rig, post(server.url(), "{}"));

  EXPECT_EQ(call.done().failure, Failure::tls) << to_string(call.done().failure) << call.done().message;
  EXPECT_THAT(call.done().message, testing::HasSubstr("not trusted"));
  EXPECT_EQ(requests, 0);
}

TEST(Tls, CaFileReplacesTheSystemsInsteadOfAddingToThem) {
  // Two CAs; each endpoint believes its own only, also after the other one's connection was made in the same client.
  Certificates one, two;
  Server first(Server::always("1"), one.server()), second(Server::always("2"), two.server());
  EndpointSettings trusts_one;
  trusts_one.ca_file = one.ca_file();
  EndpointSettings trusts_two;
  trusts_two.ca_file = two.ca_file();
  Rig rig;
  const auto outcome = [&](const Server& server, const EndpointSettings& endpoint) {
    Request request = get(server.url());
    request.endpoint = &endpoint;
    Call call(rig, std::move(request));
    return call.done().failure;
  };
  EXPECT_EQ(outcome(first, trusts_one), Failure::none);
  EXPECT_EQ(outcome(second, trusts_two), Failure::none);
  EXPECT_EQ(outcome(first, trusts_two), Failure::tls);
  EXPECT_EQ(outcome(second, trusts_one), Failure::tls);
}

TEST(Tls, CertificateOfAnotherNameIsRefused) {
  Certificates certificates;
  Server server(Server::always("ok"), certificates.server());
  EndpointSettings endpoint;
  endpoint.ca_file = certificates.ca_file();
  Rig rig;
  Request request = get("https://127.0.0.2:" + std::to_string(server.port()) + "/");
  request.endpoint = &endpoint;
  Call call(rig, std::move(request));
  EXPECT_NE(call.done().failure, Failure::none);
}

TEST(Tls, MissingCaFileIsNamedAsTheProblem) {
  Certificates certificates;
  Server server(Server::always("ok"), certificates.server());
  EndpointSettings endpoint;
  endpoint.ca_file = certificates.folder() + "/missing.pem";
  Rig rig;
  Request request = get(server.url());
  request.endpoint = &endpoint;
  Call call(rig, std::move(request));
  EXPECT_EQ(call.done().failure, Failure::tls);
  EXPECT_THAT(call.done().message, testing::HasSubstr("CA file"));
}

TEST(Tls, PlainServerOnATlsUrlIsTls) {
  Server server([](Peer& peer) { peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  Rig rig;
  Call call(rig, get("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
  EXPECT_EQ(call.done().failure, Failure::tls) << to_string(call.done().failure) << call.done().message;
}

TEST(Tls, HangUpInTheHandshakeIsNotAReset) {
  Server server([](Peer& peer) { peer.reset(); });
  Rig rig;
  Call call(rig, get("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
  EXPECT_THAT(call.done().failure, testing::AnyOf(Failure::tls, Failure::connect))
      << to_string(call.done().failure) << call.done().message;
}

TEST(Tls, BodyCutShortIsNoticed) {
  Certificates certificates;
  Server server(
      [](Peer& peer) {
        peer.request();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
      },
      certificates.server());
  EndpointSettings endpoint;
  endpoint.ca_file = certificates.ca_file();
  Rig rig;
  Request request = get(server.url());
  request.endpoint = &endpoint;
  Call call(rig, std::move(request));
  EXPECT_THAT(call.done().failure, testing::AnyOf(Failure::cut_short, Failure::reset)) << call.done().message;
  EXPECT_TRUE(call.done().head_seen);
}

TEST(Tls, BurstToAnHttp1ServerIsNotHeldUpByTheGate) {
  // All but the first wait for its connection, and must then open their own: none of these replies comes before all
  // requests are there.
  constexpr int burst = 20;
  Certificates certificates;
  std::atomic<int> here{0};
  Flag all;
  Server server(
      [&](Peer& peer) {
        peer.request();
        if (++here == burst) all.set();
        all.wait();
        peer.reply("ok");
        peer.gone();
      },
      certificates.server());
  EndpointSettings endpoint;
  endpoint.ca_file = certificates.ca_file();
  Rig rig;
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < burst; ++i) calls.push_back(std::make_unique<Call>(rig));
  rig.on_loop([&] {
    for (auto& call : calls) {
      Request request = post(server.url(), "{}");
      request.endpoint = &endpoint;
      call->start_here(std::move(request));
    }
  });
  for (auto& call : calls) EXPECT_EQ(call->done().failure, Failure::none) << call->done().message;
  EXPECT_EQ(server.connections(), burst);
}

}  // namespace
}  // namespace belay::http::test
