// What a client may name.
#include "models.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"

namespace belay::gateway {
namespace {

using testing::ElementsAre;

runtime::Settings settings() {
  runtime::Settings out;
  runtime::ProviderSettings main;
  main.name = "main";
  main.model = "big";
  runtime::ProviderSettings spare;
  spare.name = "spare";
  spare.models["m1"] = {};
  out.providers = {main, spare};
  fallback::RouteSettings route;
  route.name = "compression";
  route.targets.push_back({.provider = "spare", .model = "org/m2", .on = {}, .place = {}});
  route.targets.push_back({.provider = "main", .model = {}, .on = {}, .place = {}});
  out.routes = {route};
  return out;
}

std::vector<std::string> ids(const std::string& text) {
  const auto document = json::parse(text);
  EXPECT_TRUE(document) << text;
  std::vector<std::string> out;
  for (const auto& model : json::find(*document, "data")->GetArray()) out.emplace_back(*json::string_at(model, "id"));
  return out;
}

TEST(Models, AreRoutesAutoAndTargets) {
  EXPECT_THAT(ids(models_json(settings(), nullptr, ModelsShape::openai, 7)), ElementsAre("compression", "auto", "main/big", "spare/m1", "spare/org/m2"));
}

TEST(Models, AKeySeesWhatItMayCall) {
  Key key;
  key.routes = {"compression"};
  EXPECT_THAT(ids(models_json(settings(), &key, ModelsShape::openai, 7)), ElementsAre("compression"));
  EXPECT_FALSE(model_json(settings(), &key, "main/big", ModelsShape::openai, 7));
}

TEST(Models, HaveTheShapeTheClientKnows) {
  EXPECT_EQ(model_json(settings(), nullptr, "spare/org/m2", ModelsShape::openai, 7), R"({"id":"spare/org/m2","object":"model","created":7,"owned_by":"spare"})");
  EXPECT_EQ(model_json(settings(), nullptr, "auto", ModelsShape::anthropic, 7), R"({"type":"model","id":"auto","display_name":"auto","created_at":"1970-01-01T00:00:07Z","lifecycle":"active"})");
  const auto list = json::parse(models_json(settings(), nullptr, ModelsShape::anthropic, 7));
  EXPECT_EQ(json::string_at(*list, "first_id"), "compression");
  EXPECT_EQ(json::string_at(*list, "last_id"), "spare/org/m2");
  EXPECT_EQ(json::bool_at(*list, "has_more"), false);
}

TEST(Models, WithoutProvidersThereAreNone) { EXPECT_THAT(ids(models_json({}, nullptr, ModelsShape::openai, 7)), testing::IsEmpty()); }

}  // namespace
}  // namespace belay::gateway
