// A secret that stands in a configuration, rightly or by mistake, is in no message about it.
#include <gtest/gtest.h>

#include <sys/stat.h>

#include "world.hpp"

namespace belay::config {
namespace {

constexpr std::string_view secret = "sk-9f8e7d6c5b4a";

/// Every place where a person may have put it, most of them wrong in a second way, so that there is something to
/// report.
const std::string places[] = {
    "[provider.p]\nplugin = \"x\"\ncredential = [{ id = \"a\", type = \"api_key\", source = \"literal:SECRET\" }]\n",
    "[provider.p]\nplugin = \"x\"\ncredential = [{ id = \"a\", type = \"api_key\", source = \"SECRET\" }]\n",
    "[provider.p]\nplugin = \"x\"\ncredential = [{ id = \"a\", type = \"api_key\", source = \"env:SECRET\" }]\n",
    "[provider.p]\nplugin = \"x\"\ncredential = [{ id = \"a\", type = \"api_key\", source = \"leteral:SECRET\" }]\n",
    "[provider.p]\nplugin = \"x\"\ncredential = [{ id = \"a\", type = \"api_key\", sorce = \"literal:SECRET\" }]\n",
    "[provider.p]\nplugin = \"x\"\ncredential = [{ id = \"a\", type = \"api_key\", source = [\"literal:SECRET\"] }]\n",
    "[provider.p]\nplugin = \"x\"\ncredential = [{ id = \"a\", type = \"api_key\", source = { literal = \"SECRET\" } "
    "}]\n",
    "[provider.p]\nplugin = \"x\"\ncredential = \"literal:SECRET\"\n",
    "[provider.p]\nplugin = \"x\"\ncredential = [\"literal:SECRET\"]\n",
    "[provider.p]\nplugin = \"x\"\ncredential = [{ id = \"a\", type = \"exec\", command = \"curl -u SECRET\", source = "
    "\"exec:curl -u SECRET\" }]\n",
    "[provider.p]\nplugin = \"x\"\ncredential = [{ id = \"a\", type = \"exec\", source = \"SECRET\" }]\n",
    "[provider.p]\nplugin = \"x\"\ncredential = [{ id = \"a\", type = \"oauth2\", client_secret = \"SECRET\", "
    "refresh_token = \"SECRET\", token_url = "
    "\"ftp://x/?k=SECRET\" }]\n",
    "[provider.p]\nplugin = \"x\"\nbase_url = \"https://user:SECRET@host/v1\"\n",
    "[provider.p]\nplugin = \"x\"\nbase_url = \"https://host/v1?key=SECRET\"\n",
    "[provider.p]\nplugin = \"x\"\nproxy = \"user:SECRET@proxy:3128\"\n",
    "[provider.p]\nplugin = \"x\"\nheaders = { Authorization = \"Bearer SECRET\\n\" }\n",
    "[provider.p]\nplugin = \"x\"\nheaders = { Authorization = [\"Bearer SECRET\"] }\n",
    "[provider.p]\nplugin = \"x\"\nheaders = { A = \"SECRET\", a = \"SECRET\" }\n",
    "[provider.p]\nplugin = \"x\"\napi_key = \"SECRET\"\n",
    "[provider.p]\nplugin = \"x\"\n[provider.p.options]\nkey = [\"SECRET\", 2026-01-01]\n",
    "[host]\nstate = \"redis://:SECRET@host:6379/0\"\n",
    "[host]\nstate = \"SECRET\"\nstate_key = \"SECRET\"\n",
    "[gateway]\nkeys = [{ name = \"ci\", sha256 = \"SECRET\" }]\n",
    "[gateway]\nkeys = [\"SECRET\"]\n",
    // Not even TOML.
    "key = literal:SECRET\n",
    "key = SECRET\n",
    "key = \"literal:SECRET\n",
    "key = \"literal:SECRET\" SECRET\n",
    "key = 'literal:SECRET'\nkey = 'literal:SECRET'\n",
    "key = \"\\q literal:SECRET\"\n",
    "key = [\"literal:SECRET\"\n",
    "key = 9SECRET\n",
    "key = 0x9SECRET\n",
};

TEST(Secrets, AreInNoMessage) {
  for (const std::string& place : places) {
    World world;
    std::string text = place;
    for (std::size_t at = text.find("SECRET"); at != std::string::npos; at = text.find("SECRET", at))
      text.replace(at, 6, secret);
    const auto file = world.write("belay.toml", text);
    ASSERT_EQ(::chmod(file.c_str(), 0644), 0);

    const Loaded loaded = load(world.environment(), file);

    EXPECT_FALSE(loaded.errors.empty() && loaded.warnings.empty()) << text;
    for (const Diagnostics* list : {&loaded.errors, &loaded.warnings}) {
      for (const Diagnostic& diagnostic : *list)
        EXPECT_EQ(diagnostic.text().find("9f8e7d"), std::string::npos) << text << "\n" << diagnostic.text();
    }
  }
}

}  // namespace
}  // namespace belay::config
