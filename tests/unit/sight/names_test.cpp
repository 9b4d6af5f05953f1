#include "names.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace belay::gateway::sight {
namespace {

using gateway::test::two_providers;

TEST(Names, OnlyConfiguredWordsAreKnown) {
  auto settings = two_providers();
  settings.providers[0].models["big"] = {};
  settings.routes[0].targets.push_back({.provider = "c", .model = "small", .on = {}, .place = {}});
  const auto names = names_of(settings, nullptr);

  const NameId p = names->providers.id("p"), c = names->providers.id("c");
  EXPECT_EQ(names->providers.word(p), "p");
  EXPECT_EQ(names->model_word(p, names->model(p, "big")), "big");
  EXPECT_EQ(names->model_word(p, names->model(p, "small")), "other") << "a model of the other provider";
  EXPECT_EQ(names->model_word(c, names->model(c, "small")), "small");
  EXPECT_EQ(names->providers.word(names->providers.id("made-up")), "other");
  EXPECT_EQ(names->routes.word(names->routes.id("auto")), "auto");
  EXPECT_EQ(names->routes.word(names->routes.id("p/m")), "(target)");
  EXPECT_EQ(names->keys.word(names->keys.id("ci")), "ci");
  EXPECT_EQ(names->keys.word(names->keys.id("")), "");
}

TEST(Names, PathsLoseWhatVaries) {
  const auto names = names_of(two_providers(), nullptr);
  EXPECT_EQ(names->paths.word(names->path("/v1/chat/completions")), "/v1/chat/completions");
  EXPECT_EQ(names->paths.word(names->path("/belay/traces/01J")), "/belay/traces/{id}");
  EXPECT_EQ(names->paths.word(names->path("/v1/models/r")), "/v1/models/{id}");
  EXPECT_EQ(names->paths.word(names->path("/belay/traces")), "/belay/traces");
  EXPECT_EQ(names->paths.word(names->path("/chat/completions")), "/v1/chat/completions")
      << "served without the version too";
  EXPECT_EQ(names->paths.word(names->path("/models/r")), "/v1/models/{id}");
  EXPECT_EQ(names->paths.word(names->path("/")), "/");
  for (const char* path : {"/admin.php", "/belay/traces/", "/status", "", "/v1", "/metricsx"})
    EXPECT_EQ(names->paths.word(names->path(path)), "other") << path;
}

TEST(Names, IdsOutliveAReload) {
  auto settings = two_providers();
  const auto before = names_of(settings, nullptr);
  settings.providers.erase(settings.providers.begin());
  settings.routes[0].name = "second";
  const auto after = names_of(settings, before.get());

  EXPECT_EQ(after->providers.id("p"), before->providers.id("p"));
  EXPECT_EQ(after->routes.word(before->routes.id("r")), "r");
  EXPECT_NE(after->routes.id("second"), 0);
}

TEST(Names, AProviderCalledOtherIsNoSecondSeries) {
  auto settings = two_providers();
  settings.providers[0].name = "other";
  const auto names = names_of(settings, nullptr);
  EXPECT_EQ(names->providers.id("other"), names->providers.id("made-up"));
}

}  // namespace
}  // namespace belay::gateway::sight
