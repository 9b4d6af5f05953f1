#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "credentials/settings.hpp"

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Source, EveryKindIsRead) {
  EXPECT_EQ(parse_source("env:OPENAI_API_KEY")->place, "OPENAI_API_KEY");
  EXPECT_EQ(parse_source("file:/run/x#/a/b")->place, "/run/x");
  EXPECT_EQ(parse_source("file:/run/x#/a/b")->pointer, "/a/b");
  EXPECT_EQ(parse_source("file:/run/x")->pointer, "");
  EXPECT_EQ(parse_source("exec:pass show key")->place, "pass show key");
  EXPECT_EQ(parse_source("keyring:belay/openai")->place, "belay/openai");
  EXPECT_EQ(parse_source("literal:sk-1")->value.reveal(), "sk-1");
}

TEST(Source, APastedKeyIsRefusedAndNotShown) {
  const auto source = parse_source("sk-or-v1-verysecret");
  ASSERT_FALSE(source);
  EXPECT_THAT(source.error().message, HasSubstr("literal:VALUE"));
  EXPECT_THAT(source.error().message, Not(HasSubstr("verysecret")));
}

TEST(Source, WrongSpellingsSayWhatIsRight) {
  EXPECT_THAT(parse_source("env:").error().message, HasSubstr("env:NAME"));
  EXPECT_THAT(parse_source("env:A-B").error().message, HasSubstr("env:NAME"));
  EXPECT_THAT(parse_source("file:").error().message, HasSubstr("file:PATH"));
  EXPECT_THAT(parse_source("file:/x#/a~2").error().message, HasSubstr("JSON pointer"));
  EXPECT_THAT(parse_source("exec: ").error().message, HasSubstr("exec:COMMAND"));
  EXPECT_THAT(parse_source("keyring:alone").error().message, HasSubstr("SERVICE/ACCOUNT"));
  EXPECT_THAT(parse_source("literal:").error().message, HasSubstr("literal:VALUE"));
  EXPECT_FALSE(parse_source(""));
}

TEST(Source, ShowsThePlaceAndNeverTheValue) {
  EXPECT_EQ(parse_source("env:KEY")->shown(), "env:KEY");
  EXPECT_EQ(parse_source("file:/run/x#/a")->shown(), "file:/run/x#/a");
  EXPECT_EQ(parse_source("literal:sk-secret")->shown(), "literal");
  EXPECT_EQ(parse_source("exec:get-token --password hunter2")->shown(), "exec:get-token ...");
  EXPECT_EQ(parse_source("exec:TOKEN=x; echo $TOKEN")->shown(), "exec:...");
}

}  // namespace
}  // namespace belay::credentials
