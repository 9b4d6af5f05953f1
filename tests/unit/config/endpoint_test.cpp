// headers, proxy and ca_file.
#include <gmock/gmock.h>

#include "world.hpp"

namespace belay::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Loaded endpoint(const World& world, const std::string& keys) {
  return world.load("[provider.p]\nplugin = \"openai\"\n" + keys);
}

TEST(Endpoint, IsReadWhole) {
  World world;
  world.write("ca.pem", "");
  const Loaded loaded = endpoint(world,
                                 "headers = { \"X-Team\" = \"tools\", Empty = \"\" }\nproxy = "
                                 "\"socks5h://127.0.0.1:1080\"\nca_file = \"ca.pem\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_THAT(texts(loaded.warnings), IsEmpty());
  const auto& endpoint = loaded.settings.providers[0].endpoint;
  EXPECT_THAT(endpoint.headers, ElementsAre(Pair("X-Team", "tools"), Pair("Empty", "")));
  EXPECT_EQ(endpoint.proxy, "socks5h://127.0.0.1:1080");
  EXPECT_EQ(endpoint.ca_file, (world.root() / "ca.pem").string());
}

TEST(Endpoint, ProxyNoneIsDirect) {
  World world;
  EXPECT_EQ(endpoint(world, "proxy = \"none\"\n").settings.providers[0].endpoint.proxy, "none");
}

TEST(Endpoint, AMissingCaFileIsAWarningBecauseOthersMayAnswer) {
  World world;
  const Loaded loaded = endpoint(world, "ca_file = \"/absent.pem\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_THAT(
      texts(loaded.warnings),
      ElementsAre(
          "belay.toml:3:11: provider.p.ca_file: cannot be read: calls to this provider will fail (a PEM file)"));
}

TEST(Endpoint, HeadersThatFrameAMessageAreRefused) {
  World world;
  for (const std::string name :
       {"Connection", "content-length", "Expect", "HOST", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Keep-Alive",
        "Proxy-Authorization", "Proxy-Connection", "HTTP2-Settings"}) {
    EXPECT_THAT(texts(endpoint(world, "headers = { " + name + " = \"x\" }\n").errors),
                ElementsAre(testing::HasSubstr("belay decides itself")))
        << name;
  }
}

}  // namespace
}  // namespace belay::config
