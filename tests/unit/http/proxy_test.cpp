// Which proxy a request takes, and what the proxy gets to see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "certificates.hpp"
#include "proxy.hpp"
#include "rig.hpp"

namespace belay::http::test {
namespace {

ProxyEnvironment environment(std::map<std::string, std::string> variables) {
  return ProxyEnvironment::read([&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(ProxyChoice, FollowsTheSchemeThenAllProxy) {
  const auto env =
      environment({{"http_proxy", "http://h:1"}, {"HTTPS_PROXY", "http://s:2"}, {"ALL_PROXY", "http://a:3"}});
  EXPECT_EQ(env.choose("", "http").proxy, "http://h:1");
  EXPECT_EQ(env.choose("", "https").proxy, "http://s:2");
  EXPECT_EQ(environment({{"ALL_PROXY", "http://a:3"}}).choose("", "http").proxy, "http://a:3");
  EXPECT_EQ(environment({}).choose("", "https").proxy, "");
}

TEST(ProxyChoice, LowerCaseWinsAndUpperCaseHttpProxyIsNotLookedAt) {
  EXPECT_EQ(environment({{"https_proxy", "http://l:1"}, {"HTTPS_PROXY", "http://u:2"}}).choose("", "https").proxy,
            "http://l:1");
  EXPECT_EQ(environment({{"HTTP_PROXY", "http://u:2"}}).choose("", "http").proxy, "");
}

TEST(ProxyChoice, SettingsReplaceTheEnvironmentWithItsExceptions) {
  const auto env = environment({{"http_proxy", "http://h:1"}, {"no_proxy", "127.0.0.1"}});
  EXPECT_EQ(env.choose("http://own:9", "http").proxy, "http://own:9");
  EXPECT_EQ(env.choose("http://own:9", "http").except, "");
  EXPECT_EQ(env.choose("none", "http").proxy, "");
  EXPECT_EQ(env.choose("", "http").except, "127.0.0.1");
}

/// Plain proxy: answers by itself and remembers request lines; CONNECT is refused.
struct Proxy {
  std::vector<Seen> seen;
  Server server{[this](Peer& peer) {
    while (auto request = peer.request()) {
      seen.push_back(*request);
      if (request->line.starts_with("CONNECT"))
        peer.reply("no", "403 Forbidden");
      else
        peer.reply("by proxy");
    }
  }};
};

TEST(Proxy, FromSettingsTakesTheRequest) {
  Proxy proxy;
  Server target(Server::always("direct"));
  EndpointSettings endpoint;
  endpoint.proxy = proxy.server.origin();
  Rig rig;
  Request request = get(target.url("/x"));
  request.endpoint = &endpoint;
  Call call(rig, std::move(request));

  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, "by proxy");
  ASSERT_EQ(proxy.seen.size(), 1u);
  EXPECT_EQ(proxy.seen[0].line, "GET " + target.url("/x") + " HTTP/1.1");
  EXPECT_EQ(target.connections(), 0);
}

TEST(Proxy, FromTheEnvironmentTakesTheRequestUnlessExcepted) {
  Proxy proxy;
  Server target(Server::always("direct"));
  ::setenv("http_proxy", proxy.server.origin().c_str(), 1);
  {
    Rig rig;
    Call call(rig, get(target.url()));
    call.done();
    EXPECT_EQ(call.body, "by proxy");
  }
  ::setenv("NO_PROXY", "example.org,127.0.0.1", 1);
  {
    Rig rig;
    Call call(rig, get(target.url()));
    call.done();
    EXPECT_EQ(call.body, "direct");
  }
  ::unsetenv("NO_PROXY");
  {
    EndpointSettings endpoint;
    endpoint.proxy = "none";
    Rig rig;
    Request request = get(target.url());
    request.endpoint = &endpoint;
    Call call(rig, std::move(request));
    call.done();
    EXPECT_EQ(call.body, "direct");
  }
  ::unsetenv("http_proxy");
}

TEST(Proxy, OfATlsRequestSeesNeitherHeadersNorPath) {
  Proxy proxy;
  EndpointSettings endpoint;
  endpoint.proxy = proxy.server.origin();
  Rig rig;
  Request request = post("https://127.0.0.1:4433/secret-path", "{}");
  request.headers.push_back({"Authorization", "Bearer sk-proxied", true});
  request.secret_origins = {"https://127.0.0.1:4433"};
  request.endpoint = &endpoint;
  Call call(rig, std::move(request));

  EXPECT_EQ(call.done().failure, Failure::connect) << to_string(call.done().failure) << call.done().message;
  EXPECT_FALSE(call.done().head_seen) << "the proxy's own answer is not the server's";
  EXPECT_EQ(call.heads, 0);
  ASSERT_EQ(proxy.seen.size(), 1u);
  EXPECT_EQ(proxy.seen[0].line, "CONNECT 127.0.0.1:4433 HTTP/1.1");
  EXPECT_EQ(proxy.seen[0].header("authorization"), std::nullopt);
  EXPECT_THAT(proxy.seen[0].head, testing::Not(testing::HasSubstr("secret-path")));
}

TEST(Proxy, ThatIsGoneIsConnect) {
  EndpointSettings endpoint;
  endpoint.proxy = "http://127.0.0.1:" + std::to_string(closed_port());
  Rig rig;
  Request request = get("http://127.0.0.1:80/");
  request.endpoint = &endpoint;
  Call call(rig, std::move(request));
  EXPECT_EQ(call.done().failure, Failure::connect) << call.done().message;
}

TEST(Proxy, ThatCannotBeUnderstoodSaysSo) {
  EndpointSettings endpoint;
  endpoint.proxy = "gopher://127.0.0.1:1";
  Rig rig;
  Request request = get("http://127.0.0.1:80/");
  request.endpoint = &endpoint;
  Call call(rig, std::move(request));
  EXPECT_NE(call.done().failure, Failure::none);
  EXPECT_THAT(call.done().message, testing::HasSubstr("proxy"));
}

}  // namespace
}  // namespace belay::http::test
