// Presets: how they lie below a provider, and the ones that are shipped.
#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "base/origin.hpp"
#include "world.hpp"

namespace belay::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto acme =
    "about = \"Acme\"\nplugin = \"openai\"\nbase_url = \"https://api.acme.example/v1\"\nenv = \"ACME_KEY\"\ncost = "
    "\"metered\"\n"
    "headers = { A = \"1\", B = \"2\" }\n[options]\nstream_usage = true\ndrop = [\"seed\", \"user\"]\n";

TEST(Preset, LiesBelowTheProvidersOwnKeys) {
  World world;
  world.write("usr/share/belay/presets/acme.toml", acme);

  const Loaded loaded = world.load(
      "[provider.p]\npreset = \"acme\"\ncost = \"free\"\nheaders = { B = \"3\" }\n[provider.p.options]\ndrop = "
      "[]\nmax_tokens_name = \"max_tokens\"\n");

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  const auto& p = loaded.settings.providers[0];
  EXPECT_EQ(p.plugin, "openai");
  EXPECT_EQ(p.preset, "acme");
  EXPECT_EQ(p.pool.origin, "https://api.acme.example");
  EXPECT_EQ(p.cost, "free");
  EXPECT_EQ(p.options, R"({"stream_usage":true,"drop":[],"max_tokens_name":"max_tokens"})");
  EXPECT_THAT(p.endpoint.headers, ElementsAre(testing::Pair("A", "1"), testing::Pair("B", "3")));
}

TEST(Preset, BringsOneCredential) {
  World world;
  world.write("usr/share/belay/presets/acme.toml", acme);

  const auto pool = world.load("[provider.p]\npreset = \"acme\"\n").settings.providers[0].pool.credentials;

  ASSERT_EQ(pool.size(), 1u);
  EXPECT_EQ(pool[0].id, "env");
  EXPECT_EQ(pool[0].type, "api_key");
  EXPECT_EQ(pool[0].sources.at("source").shown(), "env:ACME_KEY");
}

TEST(Preset, ItsCredentialIsNotUsedBesideOthers) {
  World world;
  world.write("usr/share/belay/presets/acme.toml", acme);
  const auto pool = [&](const std::string& more) {
    return world.load("[provider.p]\npreset = \"acme\"\n" + more).settings.providers[0].pool.credentials;
  };

  const auto own = pool("[[provider.p.credential]]\nid = \"mine\"\ntype = \"api_key\"\nsource = \"env:MINE\"\n");
  ASSERT_EQ(own.size(), 1u);
  EXPECT_EQ(own[0].id, "mine");
  EXPECT_THAT(pool("credential = []\n"), IsEmpty());
}

TEST(Preset, AnUnknownOneIsSuggested) {
  World world;
  world.write("usr/share/belay/presets/acme.toml", acme);
  world.write("usr/share/belay/presets/openai.toml", acme);

  EXPECT_THAT(texts(world.load("[provider.p]\npreset = \"opnai\"\n").errors),
              ElementsAre("belay.toml:2:10: provider.p.preset: unknown preset \"opnai\" (did you mean \"openai\"?)"));
  EXPECT_THAT(texts(world.load("[provider.p]\npreset = \"../../belay\"\n").errors),
              ElementsAre(testing::HasSubstr("unknown preset")));
}

TEST(Preset, TheOneBesideTheProgramWins) {
  World world;
  world.write("usr/share/belay/presets/acme.toml", acme);
  world.write("etc/presets/acme.toml", "plugin = \"other\"\n");
  world.write("etc/presets/extra.toml", "plugin = \"other\"\nabout = \"Extra\"\n");

  EXPECT_EQ(world.load("[provider.p]\npreset = \"acme\"\n").settings.providers[0].plugin, "openai");
  EXPECT_EQ(world.load("[provider.p]\npreset = \"extra\"\n").settings.providers[0].plugin, "other");
}

TEST(Preset, ItsOwnMistakesAreReportedInItsFile) {
  World world;
  const auto file =
      world.write("usr/share/belay/presets/acme.toml", "plugin = \"openai\"\nbase_url = \"ftp://x\"\ncredential = []\n")
          .string();

  EXPECT_THAT(texts(world.load("[provider.p]\npreset = \"acme\"\n").errors),
              ElementsAre(file + ":2:12: provider.p.base_url: not a usable URL: its scheme is neither http nor https "
                                 "(base_url = \"https://HOST/v1\")",
                          testing::StartsWith(file + ":3:1: credential: unknown key")));
}

TEST(Preset, OneWithoutAnAddressAsksForIt) {
  World world;
  world.write("usr/share/belay/presets/az.toml",
              "plugin = \"openai\"\nbase_url_form = \"https://RESOURCE.example/v1\"\n");

  EXPECT_THAT(texts(world.load("[provider.p]\npreset = \"az\"\n").errors),
              ElementsAre("belay.toml:1:11: provider.p.base_url: is missing (everyone has one of their own with preset "
                          "\"az\": https://RESOURCE.example/v1)"));
  EXPECT_THAT(texts(world.load("[provider.p]\npreset = \"az\"\nbase_url = \"https://mine.example/v1\"\n").errors),
              IsEmpty());
}

TEST(Preset, OneWithoutAPluginLeavesThatToTheProvider) {
  World world;
  world.write("usr/share/belay/presets/bare.toml", "cost = \"free\"\n");

  EXPECT_THAT(texts(world.load("[provider.p]\npreset = \"bare\"\n").errors),
              ElementsAre(testing::HasSubstr("provider.p.plugin: is missing")));
  EXPECT_THAT(texts(world.load("[provider.p]\npreset = \"bare\"\nplugin = \"x\"\n").errors), IsEmpty());
}

// ------------------------------------------------------------------------------------------------- those we ship

class Shipped : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(world_.presets().parent_path());
    std::filesystem::create_directory_symlink(std::filesystem::path(BELAY_CONFIG_DIR) / "presets", world_.presets());
  }
  World world_;
};

TEST_F(Shipped, PresetsOfTheProvidersThatWerePromised) {
  std::set<std::string> names;
  for (const Preset& preset : presets(world_.environment())) names.insert(preset.name);

  EXPECT_THAT(names,
              testing::IsSupersetOf({"openai",    "openrouter", "nous",        "deepseek",  "groq",     "mistral",
                                     "xai",       "together",   "fireworks",   "zai",       "moonshot", "minimax",
                                     "dashscope", "nvidia",     "huggingface", "deepinfra", "cerebras", "azure-openai",
                                     "ollama",    "vllm",       "llama-cpp",   "lmstudio"}));
}

TEST_F(Shipped, EveryPresetLoadsAndIsComplete) {
  for (const Preset& preset : presets(world_.environment())) {
    const bool asks = preset.name == "azure-openai";
    const Loaded loaded = world_.load("[provider.p]\npreset = \"" + preset.name + "\"\n" +
                                      (asks ? "base_url = \"https://r.openai.azure.com/openai/v1\"\n" : ""));
    EXPECT_THAT(texts(loaded.errors), IsEmpty()) << preset.name;
    EXPECT_THAT(texts(loaded.warnings), IsEmpty()) << preset.name;
    const auto& p = loaded.settings.providers.at(0);
    EXPECT_EQ(p.plugin, "openai") << preset.name;
    EXPECT_FALSE(preset.about.empty()) << preset.name;
    EXPECT_FALSE(preset.base_url.empty()) << preset.name;
    const auto origin = origin_of(p.base_url);
    ASSERT_TRUE(origin) << preset.name;
    // A key goes out encrypted, or stays on this machine.
    EXPECT_EQ(origin->scheme, origin->host == "127.0.0.1" ? "http" : "https") << preset.name;
    EXPECT_EQ(p.pool.credentials.size(), preset.env.empty() ? 0u : 1u) << preset.name;
    EXPECT_EQ(preset.env.empty(), origin->host == "127.0.0.1") << preset.name;
    EXPECT_TRUE(p.zone.empty()) << preset.name << ": where a provider computes is for its user to say";
  }
}

TEST_F(Shipped, PresetsAreSortedAndShowTheirVariable) {
  const auto all = presets(world_.environment());

  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const Preset& a, const Preset& b) { return a.name < b.name; }));
  const auto openai =
      std::find_if(all.begin(), all.end(), [](const Preset& preset) { return preset.name == "openai"; });
  ASSERT_NE(openai, all.end());
  EXPECT_EQ(openai->env, "OPENAI_API_KEY");
  EXPECT_EQ(openai->base_url, "https://api.openai.com/v1");
}

}  // namespace
}  // namespace belay::config
