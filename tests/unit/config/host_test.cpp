// [host] and [plugins.TYPE].
#include <gmock/gmock.h>

#include "world.hpp"

namespace belay::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Host, IsReadWhole) {
  World world;
  const std::string digest(64, 'A');
  const Loaded loaded = world.load(
      "[host]\nplugin_dirs = [\"/opt/a\", \"b\", \"~/c\"]\nstate = \"memory:\"\nstate_key = \"env:STATE_KEY\"\ntrust = "
      "\"listed\"\n"
      "[plugins.openai]\nenabled = false\nsha256 = [\"" +
      digest + "\"]\nisolation = \"in-process\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_EQ(loaded.settings.state, "memory:");
  EXPECT_EQ(loaded.settings.state_key->shown(), "env:STATE_KEY");
  EXPECT_EQ(loaded.settings.loader.trust, plugins::Trust::listed);
  EXPECT_THAT(loaded.settings.loader.dirs, ElementsAre("/opt/a", world.root() / "b", world.root() / "home/c"));
  const auto& policy = loaded.settings.loader.policies.at("openai");
  EXPECT_FALSE(policy.enabled);
  EXPECT_THAT(policy.sha256, ElementsAre(std::string(64, 'a')));
  EXPECT_EQ(policy.place, (world.root() / "belay.toml").string() + ":6");
}

TEST(Host, PluginPathComesFirst) {
  World world;
  world.set("BELAY_PLUGIN_PATH", "/one::/two:");

  EXPECT_THAT(world.load("[host]\nplugin_dirs = [\"/three\"]\n").settings.loader.dirs,
              ElementsAre("/one", "/two", "/three"));
  EXPECT_THAT(world.load("").settings.loader.dirs, ElementsAre("/one", "/two", world.root() / "usr/lib/belay/plugins"));
}

TEST(Host, StateIsRelativeToItsFile) {
  World world;
  EXPECT_EQ(world.load("[host]\nstate = \"file:var\"\n").settings.state, "file:" + (world.root() / "var").string());
}

TEST(Host, StateDefaultsToXdg) {
  World world;
  world.set("XDG_STATE_HOME", "/xdg");
  EXPECT_EQ(world.load("").settings.state, "file:/xdg/belay");
}

TEST(Host, TheServicesStateIsItsOwn) {
  World world;
  world.set("STATE_DIRECTORY", "/var/lib/belay:/var/lib/other");
  EXPECT_EQ(world.load("").settings.state, "file:/var/lib/belay");
}

TEST(Host, WhatThisBuildCannotHonourIsAnError) {
  World world;
  const Loaded loaded = world.load(
      "[host]\nstate = \"redis://:secret@h:6379/0\"\ntrust = \"signed\"\n[plugins.openai]\nisolation = \"process\"\n");

  EXPECT_THAT(texts(loaded.errors), ElementsAre("belay.toml:2:9: host.state: this build cannot honour shared state in "
                                                "Redis (use file:DIR, which all processes of this machine "
                                                "share)",
                                                "belay.toml:3:9: host.trust: this build cannot check signatures (use "
                                                "\"listed\" with the sha256 of each file, or \"packaged\")",
                                                "belay.toml:5:13: plugins.openai.isolation: this build cannot run a "
                                                "plugin in a process of its own (use \"in-process\")"));
}

}  // namespace
}  // namespace belay::config
