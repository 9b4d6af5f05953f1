#include "status_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rig.hpp"
#include "samples.hpp"

namespace belay::gateway::test {
namespace {

using belay::test::Upstream;
using belay::test::UpstreamReply;
using belay::test::UpstreamRequest;
using runtime::test::ask;
using runtime::test::keyed;
using runtime::test::settings_of;
using testing::HasSubstr;
using testing::Not;

TEST(StatusPage, TellsChainsHoldsAndCredentials) {
  Upstream dead([](const UpstreamRequest&) {
    return UpstreamReply::json(401, R"({"error":{"message":"Incorrect API key provided"}})");
  });
  Upstream good([](const UpstreamRequest&) { return UpstreamReply::completion("pong"); });
  auto settings =
      settings_of({keyed("p", dead.origin(), "sk-dead-123456"), keyed("c", good.origin(), "sk-good-123456")});
  settings.files = {"belay.toml"};
  Rig rig(std::move(settings));
  ASSERT_TRUE(rig.call(0, ask("ping")).ok());

  const Got got = rig.status(1);

  EXPECT_EQ(got.status, 200);
  EXPECT_THAT(got.body, Not(HasSubstr("sk-dead")));
  const auto status = got.json();
  EXPECT_TRUE(json::string_at(status, "version").has_value());
  EXPECT_EQ(json::string_at(*json::at(status, "/holds/0"), "reason"), "auth_rejected");
  EXPECT_GT(*json::int_at(*json::at(status, "/holds/0"), "left_ms"), 0);
  EXPECT_EQ(json::at(status, "/credentials")->Size(), 2u);
  EXPECT_EQ(json::string_at(*json::at(status, "/credentials/0"), "provider"), "p");
  EXPECT_EQ(json::string_at(*json::at(status, "/configuration/files"), ""), std::nullopt);
  EXPECT_EQ(json::view(*json::at(status, "/configuration/files/0")), "belay.toml");
  const auto& route = *json::at(status, "/routes/0");
  EXPECT_EQ(json::string_at(route, "name"), "r");
  EXPECT_EQ(json::int_at(route, "deadline_ms"), 300'000);
  const auto& first = *json::at(route, "/targets/0");
  EXPECT_EQ(json::string_at(first, "target"), "p/m");
  EXPECT_EQ(json::bool_at(first, "included"), false);
  EXPECT_EQ(json::string_at(*json::find(first, "held"), "reason"), "auth_rejected");
  EXPECT_GT(*json::int_at(*json::find(first, "held"), "left_ms"), 500'000) << "the hold's own time, of ten minutes";
  EXPECT_TRUE(json::at(route, "/targets/1/held")->IsNull());
  EXPECT_EQ(json::string_at(*json::at(status, "/routes/1"), "name"), "auto");
  EXPECT_EQ(json::at(status, "/workers")->Size(), 2u);
  ASSERT_EQ(json::at(status, "/plugins")->Size(), 1u);
  const auto& plugin = *json::at(status, "/plugins/0");
  EXPECT_EQ(json::string_at(plugin, "type"), "openai");
  EXPECT_EQ(json::string_at(plugin, "state"), "serving");
  EXPECT_EQ(json::string_at(plugin, "id"), "dev.belay.openai");
  EXPECT_EQ(json::string_at(plugin, "build")->size(), 12u);
  EXPECT_THAT(std::string(*json::string_at(plugin, "file")), testing::EndsWith("/openai.so"));
  EXPECT_TRUE(json::find(plugin, "why")->IsNull());
  EXPECT_EQ(json::bool_at(plugin, "restart_needed"), false);
}

TEST(StatusPage, TellsTheLastReload) {
  Rig rig(two_providers());
  rig.sight->reload_failed("belay.toml:3:1: sk-of-p-123456 is no route");
  auto status = rig.status().json();
  EXPECT_EQ(json::string_at(*json::find(status, "configuration"), "last_error"),
            "belay.toml:3:1: [secret] is no route");
  EXPECT_EQ(json::int_at(*json::find(status, "configuration"), "refused_reloads"), 1);

  ASSERT_TRUE(rig.sight->use({}, rig.runtime).ok());
  status = rig.status().json();
  EXPECT_TRUE(json::at(status, "/configuration/last_error")->IsNull());
  EXPECT_EQ(json::int_at(*json::find(status, "configuration"), "reloads"), 1);
}

}  // namespace
}  // namespace belay::gateway::test
