#include "call_choice.hpp"

#include <gtest/gtest.h>

namespace belay::cli {
namespace {

runtime::Settings settings(const std::vector<std::string>& routes) {
  runtime::Settings made;
  for (const char* name : {"p", "c"}) {
    runtime::ProviderSettings provider;
    provider.name = name;
    made.providers.push_back(provider);
  }
  for (const std::string& name : routes) {
    fallback::RouteSettings route;
    route.name = name;
    made.routes.push_back(route);
  }
  return made;
}

struct Row {
  Wish wish;
  std::optional<std::string> route, target;
};

TEST(CallChoice, OptionsBeatTheModelThatBeatsTheDefaultRoute) {
  const auto with_default = settings({"r", "default"});
  const std::vector<Row> table = {
      {{"r", {}, {}}, "r", {}},
      {{"auto", {}, {}}, "auto", {}},
      {{"r", {}, "c"}, "r", {}},
      {{{}, "p", {}}, {}, "p"},
      {{{}, "p/any/model", "r"}, {}, "p/any/model"},
      {{{}, {}, "r"}, {}, {}},
      {{{}, {}, "auto"}, {}, {}},
      {{{}, {}, "c"}, {}, {}},
      {{{}, {}, "c/m"}, {}, {}},
      {{{}, {}, {}}, "default", {}},
  };
  for (const Row& row : table) {
    const auto choice = choose(with_default, row.wish);
    ASSERT_TRUE(choice) << choice.error().message;
    EXPECT_EQ(choice->route, row.route);
    EXPECT_EQ(choice->target, row.target);
  }
  EXPECT_EQ(choose(settings({"r"}), {})->route, "auto");
}

TEST(CallChoice, WhatIsNotConfiguredIsNamedWithTheWayOut) {
  const auto error = [](const runtime::Settings& given, const Wish& wish) {
    const auto choice = choose(given, wish);
    return choice ? "" : choice.error().message;
  };
  const auto given = settings({"compression"});
  EXPECT_EQ(error(given, {"compresion", {}, {}}), "unknown route \"compresion\" (did you mean compression?)");
  EXPECT_EQ(error(given, {"zzzzzzzz", {}, {}}), "unknown route \"zzzzzzzz\" (configured: compression, auto)");
  EXPECT_EQ(error(given, {{}, "zzzzzz/m", {}}), "unknown provider \"zzzzzz\" (configured: p, c)");
  EXPECT_EQ(error(given, {{}, {}, "gpt-4o-mini"}),
            "unknown model \"gpt-4o-mini\" (configured: compression, auto, p, c); a request's model names a route or a target here, --route and --target replace it");
  EXPECT_EQ(error(given, {"compression", "p", {}}), "--route and --target exclude each other: a target is a chain of one");
  EXPECT_NE(error({}, {}).find("no provider is configured"), std::string::npos);
}

}  // namespace
}  // namespace belay::cli
