// [gateway].
#include <gmock/gmock.h>

#include "world.hpp"

namespace belay::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto route = "[provider.a]\nplugin = \"x\"\n[route.r]\ntargets = [\"a\"]\n";

TEST(Gateway, IsReadWhole) {
  World world;
  const Loaded loaded = world.load(std::string(route) +
                                   "[gateway]\nlisten = [\"0.0.0.0:80\", \"[::]:0\", \"unix:/run/b.sock\"]\n"
                                   "keys = [{ name = \"ci\", sha256 = \"" +
                                   std::string(64, 'F') + "\", routes = [\"r\", \"auto\"] }]\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  const auto& gateway = loaded.settings.gateway;
  EXPECT_THAT(gateway.listen, ElementsAre("0.0.0.0:80", "[::]:0", "unix:/run/b.sock"));
  ASSERT_EQ(gateway.keys.size(), 1u);
  EXPECT_EQ(gateway.keys[0].sha256, std::string(64, 'f'));
  EXPECT_THAT(gateway.keys[0].routes, ElementsAre("r", "auto"));
}

TEST(Gateway, ListenMayBeOneString) {
  World world;
  EXPECT_THAT(world.load("[gateway]\nlisten = \"localhost:1\"\n").settings.gateway.listen, ElementsAre("localhost:1"));
}

TEST(Gateway, ListensBeyondThisMachineOnlyWithKeys) {
  World world;
  EXPECT_THAT(texts(world.load("[gateway]\nlisten = [\"127.0.0.1:1\", \"0.0.0.0:7077\"]\n").errors),
              ElementsAre("belay.toml:2:26: gateway.listen: \"0.0.0.0:7077\" can be reached from other machines, and "
                          "nobody would need a key (give [gateway] "
                          "keys, or listen on 127.0.0.1 or a unix socket)"));
}

}  // namespace
}  // namespace belay::config
