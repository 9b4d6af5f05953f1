// [provider.NAME] without its credentials and endpoint.
#include <gmock/gmock.h>

#include "world.hpp"

namespace belay::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Provider, IsReadWhole) {
  World world;
  const Loaded loaded = world.load(
      "\n[provider.spare]\nplugin = \"openai\"\nbase_url = \"http://127.0.0.1:9001/v1/\"\nmodel = \"vendor/m1\"\ncost "
      "= \"flat\"\nzone = \"local\"\n"
      "models = { \"vendor/m1\" = { context = 200000, vision = true, tools = false } }\n"
      "strategy = \"round_robin\"\n[provider.spare.options]\ndrop = [\"seed\"]\nquery = { v = \"1\" }\nn = 1.5\nb = "
      "true\nbig = 9007199254740993\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  const auto& p = *loaded.settings.provider("spare");
  EXPECT_EQ(p.plugin, "openai");
  EXPECT_EQ(p.base_url, "http://127.0.0.1:9001/v1");
  EXPECT_EQ(p.pool.origin, "http://127.0.0.1:9001");
  EXPECT_EQ(p.pool.provider, "spare");
  EXPECT_EQ(p.pool.strategy, credentials::Strategy::round_robin);
  EXPECT_EQ(p.model, "vendor/m1");
  EXPECT_EQ(p.cost, "flat");
  EXPECT_EQ(p.zone, "local");
  EXPECT_EQ(p.models.at("vendor/m1").context, 200000);
  EXPECT_THAT(p.models.at("vendor/m1").capabilities, ElementsAre(std::pair("tools", false), std::pair("vision", true)));
  EXPECT_EQ(p.options, R"({"drop":["seed"],"query":{"v":"1"},"n":1.5,"b":true,"big":9007199254740993})");
  EXPECT_EQ(p.place, (world.root() / "belay.toml").string() + ":2");
}

TEST(Provider, InlineAndDottedFormsMeanTheSame) {
  World world;
  const std::string tables = dump(
      world
          .load("[provider.p]\nplugin = \"openai\"\n[provider.p.options]\na.b = 1\n[provider.p.models.m]\ncontext = 5\n"
                "[[provider.p.credential]]\nid = \"k\"\ntype = \"api_key\"\nsource = \"env:K\"\n")
          .settings);

  EXPECT_EQ(dump(world
                     .load("provider.p = { plugin = \"openai\", options = { a = { b = 1 } }, models = { m = { context "
                           "= 5 } }, credential = [{ id = "
                           "\"k\", type = \"api_key\", source = \"env:K\" }] }\n")
                     .settings),
            tables);
  EXPECT_EQ(dump(world
                     .load("provider.p.plugin = 'openai'\nprovider.p.options.a.b = 1\nprovider.p.models.m.context = "
                           "5\nprovider.p.credential = [\n{ id "
                           "= 'k', type = 'api_key', source = 'env:K' },\n]\n")
                     .settings),
            tables);
}

TEST(Provider, NeedsNeitherAddressNorModel) {
  World world;
  const Loaded loaded = world.load("[provider.last]\nplugin = \"extractive\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_EQ(loaded.settings.providers[0].pool.origin, "");
  EXPECT_THAT(loaded.settings.providers[0].pool.credentials, IsEmpty());
}

TEST(Provider, OrderIsAsWrittenAcrossFiles) {
  World world;
  world.write("etc/belay.toml", "[provider.z]\nplugin = \"x\"\n[provider.a]\nplugin = \"x\"\n");
  world.write("home/.config/belay/belay.toml", "[provider.m]\nplugin = \"x\"\n[provider.z]\nmodel = \"m\"\n");

  const Loaded loaded = world.load();

  std::vector<std::string> names;
  for (const auto& provider : loaded.settings.providers) names.push_back(provider.name);
  EXPECT_THAT(names, ElementsAre("z", "a", "m"));
}

TEST(Provider, SecretsWithoutEncryptionAreWarnedOf) {
  World world;
  const std::string credential = "[[provider.p.credential]]\nid = \"k\"\ntype = \"api_key\"\nsource = \"env:K\"\n";
  const auto warnings = [&](const std::string& url, const std::string& more) {
    return texts(world.load("[provider.p]\nplugin = \"openai\"\nbase_url = \"" + url + "\"\n" + more).warnings);
  };

  EXPECT_THAT(
      warnings("http://gpu.example/v1", credential),
      ElementsAre("belay.toml:3:12: provider.p.base_url: sends this provider's secrets without encryption (https://)"));
  EXPECT_THAT(warnings("http://gpu.example/v1", ""), IsEmpty());
  EXPECT_THAT(warnings("http://localhost:8000/v1", credential), IsEmpty());
  EXPECT_THAT(warnings("http://[::1]:8000/v1", credential), IsEmpty());
  EXPECT_THAT(warnings("https://gpu.example/v1", credential), IsEmpty());
}

}  // namespace
}  // namespace belay::config
