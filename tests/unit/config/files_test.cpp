// Which files are read, in which order, and what wins (DESIGN 7).
#include <gmock/gmock.h>

#include "world.hpp"

namespace belay::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto provider = "[provider.p]\nplugin = \"openai\"\n";

std::string model(const Loaded& loaded) {
  return loaded.settings.provider("p") ? loaded.settings.provider("p")->model : "no provider";
}

TEST(Files, LaterOnesWinKeyByKey) {
  World world;
  world.write("etc/belay.toml", std::string(provider) + "model = \"system\"\ncost = \"flat\"\nzone = \"us\"\n");
  world.write("etc/conf.d/20-b.toml", "[provider.p]\nmodel = \"conf b\"\nzone = \"eu\"\n");
  world.write("etc/conf.d/10-a.toml", "[provider.p]\nmodel = \"conf a\"\nzone = \"asia\"\n");
  world.write("home/.config/belay/belay.toml", "[provider.p]\nmodel = \"user\"\n");

  const Loaded loaded = world.load();

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_EQ(model(loaded), "user");
  EXPECT_EQ(loaded.settings.provider("p")->zone, "eu");
  EXPECT_EQ(loaded.settings.provider("p")->cost, "flat");
  EXPECT_THAT(loaded.settings.files, ElementsAre(world.system() / "belay.toml", world.system() / "conf.d/10-a.toml",
                                                 world.system() / "conf.d/20-b.toml", world.user() / "belay.toml"));
}

TEST(Files, XdgConfigHomeMovesTheUsersFile) {
  World world;
  world.write("home/.config/belay/belay.toml", "[provider.a]\nplugin = \"openai\"\n");
  world.write("elsewhere/belay/belay.toml", std::string(provider) + "model = \"moved\"\n");
  world.set("XDG_CONFIG_HOME", (world.root() / "elsewhere").string());

  const Loaded loaded = world.load();

  EXPECT_EQ(model(loaded), "moved");
  EXPECT_EQ(loaded.settings.providers.size(), 1u);
}

TEST(Files, ARelativeXdgConfigHomeIsIgnored) {
  World world;
  world.write("home/.config/belay/belay.toml", std::string(provider) + "model = \"home\"\n");
  world.set("XDG_CONFIG_HOME", "somewhere");

  EXPECT_EQ(model(world.load()), "home");
}

TEST(Files, ConfigNamesTheOnlyFile) {
  World world;
  world.write("etc/belay.toml", "[provider.system]\nplugin = \"openai\"\n");
  world.write("home/.config/belay/belay.toml", "[provider.user]\nplugin = \"openai\"\n");

  const Loaded loaded = world.load(provider);

  ASSERT_EQ(loaded.settings.providers.size(), 1u);
  EXPECT_EQ(loaded.settings.providers[0].name, "p");
}

TEST(Files, APrivilegedProcessIgnoresTheUsersFileAndVariables) {
  World world;
  world.write("etc/belay.toml", std::string(provider) + "model = \"system\"\n");
  world.write("home/.config/belay/belay.toml", "[provider.p]\nmodel = \"user\"\n");
  world.set("BELAY_PLUGIN_PATH", "/evil");
  world.privileged();

  const Loaded loaded = world.load();

  EXPECT_EQ(model(loaded), "system");
  EXPECT_THAT(loaded.settings.loader.dirs, ElementsAre(world.root() / "usr/lib/belay/plugins"));
  EXPECT_EQ(loaded.settings.state, "file:/var/lib/belay");
}

TEST(Files, NothingConfiguredIsAHintAndNoError) {
  World world;

  const Loaded loaded = world.load();

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_THAT(texts(loaded.warnings),
              ElementsAre("no configuration found (write " + (world.user() / "belay.toml").string() +
                          ", or name a file with --config FILE)"));
  EXPECT_EQ(loaded.settings.state, "file:" + (world.root() / "home/.local/state/belay").string());
}

TEST(Files, AFileThatIsNamedMustBeThere) {
  World world;

  const Loaded loaded = load(world.environment(), world.root() / "absent.toml");

  EXPECT_THAT(texts(loaded.errors), ElementsAre("cannot read " + (world.root() / "absent.toml").string() +
                                                ": No such file or directory (name a TOML file that you may read)"));
}

TEST(Files, ASystemFileThatCannotBeReadIsLeftOut) {
  World world;
  std::filesystem::create_directories(world.system() / "belay.toml");  // as root one may read every file, but no folder
  world.write("home/.config/belay/belay.toml", provider);

  const Loaded loaded = world.load();

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_THAT(texts(loaded.warnings), ElementsAre("cannot read " + (world.system() / "belay.toml").string() +
                                                  ": not a regular file (it is left out)"));
}

TEST(Files, TheUsersOwnFileThatCannotBeReadIsAnError) {
  World world;
  std::filesystem::create_directories(world.user() / "belay.toml");

  EXPECT_EQ(world.load().errors.size(), 1u);
}

TEST(Include, LiesBelowTheFileThatIncludes) {
  World world;
  world.write("more/a.toml", std::string(provider) + "model = \"included\"\nzone = \"eu\"\n");

  const Loaded loaded = world.load("include = [\"more/a.toml\"]\n[provider.p]\nmodel = \"own\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_EQ(model(loaded), "own");
  EXPECT_EQ(loaded.settings.provider("p")->zone, "eu");
}

TEST(Include, TakesGlobsInTheOrderOfNames) {
  World world;
  world.write("d/2.toml", "[provider.p]\nmodel = \"two\"\n");
  world.write("d/1.toml", std::string(provider) + "model = \"one\"\n");
  world.write("d/skipped.txt", "not TOML");

  const Loaded loaded = world.load("include = \"d/*.toml\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_EQ(model(loaded), "two");
}

TEST(Include, AGlobMayMatchNothing) {
  World world;
  EXPECT_THAT(texts(world.load("include = \"none/*.toml\"\n").errors), IsEmpty());
}

TEST(Include, APathMustBeThere) {
  World world;
  EXPECT_THAT(texts(world.load("\ninclude = [\"absent.toml\"]\n").errors),
              ElementsAre("belay.toml:2:12: include: cannot read " + (world.root() / "absent.toml").string() +
                          ": No such file or directory (name a file relative to this one)"));
}

TEST(Include, ACircleIsReportedWhereItCloses) {
  World world;
  world.write("a.toml", "include = \"b.toml\"\n");
  world.write("b.toml", "include = \"a.toml\"\n");

  const Loaded loaded = world.load("include = \"a.toml\"\n");

  EXPECT_THAT(texts(loaded.errors),
              ElementsAre((world.root() / "b.toml").string() + ":1:11: include: includes " +
                          (world.root() / "a.toml").string() + " in a circle (take one include of the circle out)"));
}

TEST(Include, ItselfIsACircle) {
  World world;
  EXPECT_THAT(texts(world.load("include = \"*.toml\"\n").errors), ElementsAre(testing::HasSubstr("in a circle")));
}

TEST(Include, AFileCountsWhereItComesFirst) {
  World world;
  world.write("base.toml", std::string(provider) + "model = \"base\"\n");
  world.write("a.toml", "include = \"base.toml\"\n[provider.p]\nmodel = \"a\"\n");
  world.write("b.toml", "include = \"base.toml\"\n");

  const Loaded loaded = world.load("include = [\"a.toml\", \"b.toml\"]\n");

  EXPECT_EQ(model(loaded), "a");
}

TEST(Include, IsBoundedInDepth) {
  World world;
  for (int i = 0; i < 40; ++i)
    world.write(std::to_string(i) + ".toml", "include = \"" + std::to_string(i + 1) + ".toml\"\n");

  EXPECT_THAT(texts(world.load("include = \"0.toml\"\n").errors),
              ElementsAre(testing::HasSubstr("more than 16 files deep")));
}

TEST(Include, OfAnotherKindIsAnError) {
  World world;
  EXPECT_THAT(texts(world.load("include = 3\n").errors),
              ElementsAre("belay.toml:1:11: include: must be an array of strings, not an integer (include = "
                          "[\"more.toml\", \"conf.d/*.toml\"])"));
}

TEST(Files, AFileThatDoesNotParseHidesNoOtherProblem) {
  World world;
  world.write("broken.toml", "[provider.q\n");
  const Loaded loaded = world.load(
      "include = \"broken.toml\"\n[provider.p]\nplugin = \"openai\"\nzoen = \"eu\"\n[route.r]\ntargets = [\"q\"]\n");

  // That q is unknown is not said: it may stand in the broken file.
  EXPECT_THAT(texts(loaded.errors),
              ElementsAre("belay.toml:4:1: provider.p.zoen: unknown key (did you mean \"zone\"?)",
                          testing::StartsWith((world.root() / "broken.toml").string() + ":1:12: not TOML: ")));
}

}  // namespace
}  // namespace belay::config
