#include "base/diagnostic.hpp"

#include <gtest/gtest.h>

namespace belay {
namespace {

TEST(Diagnostic, NamesPlaceKeyProblemAndRemedy) {
  const Diagnostic diagnostic{
      "belay.toml", 14, 9, "route.r.targets", "unknown provider \"antropic\"", "did you mean \"anthropic\"?"};

  EXPECT_EQ(diagnostic.text(),
            "belay.toml:14:9: route.r.targets: unknown provider \"antropic\" (did you mean \"anthropic\"?)");
}

TEST(Diagnostic, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ((Diagnostic{"belay.toml", 0, 0, "", "cannot be read", ""}).text(), "belay.toml: cannot be read");
  EXPECT_EQ((Diagnostic{"", 0, 0, "host.state", "is empty", ""}).text(), "host.state: is empty");
}

TEST(Suggest, FindsTheWordThatWasMeant) {
  const std::vector<std::string> known = {"openrouter", "anthropic", "openai"};

  EXPECT_EQ(suggest("antropic", known), "anthropic");
  EXPECT_EQ(suggest("opnerouter", known), "openrouter");
  EXPECT_EQ(suggest("opeani", known), "openai");
}

TEST(Suggest, IsSilentWhenNothingIsNear) {
  const std::vector<std::string> known = {"deadline", "on"};

  EXPECT_EQ(suggest("targets", known), "");
  EXPECT_EQ(suggest("ax", known), "");
  EXPECT_EQ(suggest("", known), "");
}

TEST(Suggest, DoesNotOfferTheWordItself) { EXPECT_EQ(suggest("openai", {"openai"}), ""); }

}  // namespace
}  // namespace belay
