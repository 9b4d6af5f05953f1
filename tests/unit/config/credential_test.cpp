// [[provider.NAME.credential]].
#include <sys/stat.h>

#include <gmock/gmock.h>

#include "world.hpp"

namespace belay::config {
namespace {

using credentials::Source;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr auto provider = "[provider.p]\nplugin = \"openai\"\n";
constexpr auto next = "[[provider.p.credential]]\n";

Loaded loaded_with(const World& world, const std::string& credentials) { return world.load(provider + credentials); }

TEST(Credential, TypesAreReadWhole) {
  World world;
  const Loaded loaded =
      loaded_with(world, std::string(next) +
                             "id = \"a\"\ntype = \"api_key\"\nsource = \"env:KEY\"\nallow_origins = "
                             "[\"https://*.example.org\", \"https://a.example:8443\"]\n" +
                             next +
                             "id = \"b\"\ntype = \"oauth2\"\ntoken_url = \"https://auth.example/token\"\nclient_id = "
                             "\"belay\"\nclient_secret = \"exec:pass show x\"\n"
                             "refresh_token = \"file:/run/s#/refresh_token\"\naccess_token = "
                             "\"keyring:belay/main\"\nscope = \"a b\"\nwrite_back = true\n" +
                             next + "id = \"c\"\ntype = \"exec\"\ncommand = \"print-token --json\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_THAT(texts(loaded.warnings), IsEmpty());
  const auto& pool = loaded.settings.providers[0].pool.credentials;
  ASSERT_EQ(pool.size(), 3u);
  EXPECT_EQ(pool[0].sources.at("source").shown(), "env:KEY");
  EXPECT_THAT(pool[0].allow_origins, ElementsAre("https://*.example.org", "https://a.example:8443"));
  EXPECT_EQ(pool[1].sources.at("refresh_token").place, "/run/s");
  EXPECT_EQ(pool[1].sources.at("refresh_token").pointer, "/refresh_token");
  EXPECT_EQ(pool[1].sources.at("client_secret").kind, Source::Kind::exec);
  EXPECT_EQ(pool[1].sources.at("access_token").kind, Source::Kind::keyring);
  EXPECT_THAT(pool[1].fields, ElementsAre(Pair("client_id", "belay"), Pair("scope", "a b"),
                                          Pair("token_url", "https://auth.example/token")));
  EXPECT_TRUE(pool[1].write_back);
  EXPECT_THAT(pool[2].fields, ElementsAre(Pair("command", "print-token --json")));
  EXPECT_EQ(pool[2].place, (world.root() / "belay.toml").string() + ":18");
}

TEST(Credential, ExecMayBeWrittenAsASource) {
  World world;
  const Loaded loaded =
      loaded_with(world, std::string(next) + "id = \"a\"\ntype = \"exec\"\nsource = \"exec:print-token\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_THAT(loaded.settings.providers[0].pool.credentials[0].fields, ElementsAre(Pair("command", "print-token")));
  EXPECT_THAT(loaded.settings.providers[0].pool.credentials[0].sources, IsEmpty());
}

TEST(Credential, OtherTypesBelongToPlugins) {
  World world;
  const Loaded loaded = loaded_with(
      world, std::string(next) + "id = \"a\"\ntype = \"google\"\nsource = \"file:/sa.json\"\nproject = \"p1\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_THAT(texts(loaded.warnings), IsEmpty());
  const auto& credential = loaded.settings.providers[0].pool.credentials[0];
  EXPECT_EQ(credential.sources.at("source").place, "/sa.json");
  EXPECT_THAT(credential.fields, ElementsAre(Pair("project", "p1")));
}

TEST(Credential, ATypeThatIsNearlyOursIsWarnedOf) {
  World world;
  EXPECT_THAT(texts(loaded_with(world, std::string(next) + "id = \"a\"\ntype = \"oauth\"\n").warnings),
              ElementsAre("belay.toml:5:8: provider.p.credential.type: \"oauth\" is no type of belay's own, so a "
                          "plugin must bring it (did you mean "
                          "\"oauth2\"?)"));
}

TEST(Credential, FilesAreRelativeToTheConfiguration) {
  World world;
  const Loaded loaded =
      loaded_with(world, std::string(next) + "id = \"a\"\ntype = \"api_key\"\nsource = \"file:key\"\n" + next +
                             "id = \"b\"\ntype = \"api_key\"\nsource = \"file:~/key#/k\"\n");

  const auto& pool = loaded.settings.providers[0].pool.credentials;
  EXPECT_EQ(pool[0].sources.at("source").place, (world.root() / "key").string());
  EXPECT_EQ(pool[1].sources.at("source").place, (world.root() / "home/key").string());
}

TEST(Credential, ALiteralThatEverybodyMayReadIsWarnedOf) {
  World world;
  const auto file =
      world.write("open.toml", std::string(provider) + next +
                                   "id = \"a\"\ntype = \"api_key\"\nsource = \"literal:sk-very-secret\"\n");
  EXPECT_THAT(texts(load(world.environment(), file).warnings), IsEmpty());

  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  EXPECT_THAT(texts(load(world.environment(), file).warnings),
              ElementsAre(file.string() +
                          ":6:10: provider.p.credential.source: holds a secret in a file that everybody on this "
                          "machine may read (chmod 600 " +
                          file.string() + ", or name an env: or file: source)"));
}

TEST(Credential, ALaterFileReplacesTheWholeList) {
  World world;
  world.write("etc/belay.toml", std::string(provider) + next + "id = \"a\"\ntype = \"api_key\"\nsource = \"env:A\"\n" +
                                    next + "id = \"b\"\ntype = \"api_key\"\nsource = \"env:B\"\n");
  world.write("home/.config/belay/belay.toml",
              std::string(next) + "id = \"c\"\ntype = \"api_key\"\nsource = \"env:C\"\n");

  const auto pool = world.load().settings.providers.at(0).pool.credentials;
  ASSERT_EQ(pool.size(), 1u);
  EXPECT_EQ(pool[0].id, "c");
}

}  // namespace
}  // namespace belay::config
