// What processes tell each other about plugin files that are bad.
#include "runtime/quarantine.hpp"

#include <gtest/gtest.h>

namespace belay::runtime {
namespace {

using plugins::Tried;

class InQuarantine : public testing::Test {
 protected:
  std::unique_ptr<state::State> state = *state::open("memory:");
  StateQuarantine quarantine{*state};
};

TEST_F(InQuarantine, IsFoundByItsBytes) {
  quarantine.put("aa11", "/plugins/acme.so", {Tried::broke, "crashed when it was tried"});
  quarantine.put("bb22", "/plugins/other.so", {Tried::refused, "wants a region"});

  StateQuarantine elsewhere(*state);
  EXPECT_EQ(elsewhere.find("aa11")->how, Tried::broke);
  EXPECT_EQ(elsewhere.find("aa11")->why, "crashed when it was tried");
  EXPECT_EQ(elsewhere.find("bb22")->how, Tried::refused);
  EXPECT_FALSE(elsewhere.find("cc33"));
}

TEST_F(InQuarantine, IsForgottenWhenTheFileAtItsPathIsGood) {
  quarantine.put("aa11", "/plugins/acme.so", {Tried::broke, "crashed"});
  quarantine.put("bb22", "/plugins/other.so", {Tried::broke, "crashed"});

  quarantine.release("/plugins/acme.so");

  EXPECT_FALSE(quarantine.find("aa11"));
  EXPECT_TRUE(quarantine.find("bb22"));
  quarantine.release_all();
  EXPECT_FALSE(quarantine.find("bb22"));
}

TEST_F(InQuarantine, ADamagedRecordIsNoReasonToRefuseAFile) {
  ASSERT_TRUE(state->put("plugin/aa11", "[]", Durable::no));

  EXPECT_FALSE(quarantine.find("aa11"));
  quarantine.release("/plugins/acme.so");
  EXPECT_FALSE(*state->get("plugin/aa11")) << "it says nothing to anybody";
}

}  // namespace
}  // namespace belay::runtime
