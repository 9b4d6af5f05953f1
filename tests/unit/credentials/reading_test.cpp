#include "reading.hpp"

#include "world.hpp"

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;

Result<Secret> read_one(const std::string& spelling) {
  SourceReader reader(std::chrono::seconds(10), {});
  return reader.read(source(spelling));
}

TEST(Reading, TheEnvironment) {
  setenv("BELAY_TEST_KEY", "sk-env", 1);
  EXPECT_EQ(read_one("env:BELAY_TEST_KEY")->reveal(), "sk-env");
  setenv("BELAY_TEST_KEY", "", 1);
  EXPECT_EQ(read_one("env:BELAY_TEST_KEY").error().message, "environment variable BELAY_TEST_KEY is empty");
  unsetenv("BELAY_TEST_KEY");
  EXPECT_EQ(read_one("env:BELAY_TEST_KEY").error().message, "environment variable BELAY_TEST_KEY is not set");
}

TEST(Reading, AWholeFileLosesOneNewline) {
  const TempDir dir;
  write_text(dir.path() / "key", "sk-file\n");
  EXPECT_EQ(read_one("file:" + (dir.path() / "key").string())->reveal(), "sk-file");
  write_text(dir.path() / "key", "\n");
  EXPECT_THAT(read_one("file:" + (dir.path() / "key").string()).error().message, HasSubstr("is empty"));
  EXPECT_THAT(read_one("file:" + (dir.path() / "absent").string()).error().message, HasSubstr("absent"));
}

TEST(Reading, AMemberOfAJsonFile) {
  const TempDir dir;
  const std::string path = (dir.path() / "login").string();
  write_text(path, R"({"tokens": [{"access": "at-1"}], "n": 4})");
  EXPECT_EQ(read_one("file:" + path + "#/tokens/0/access")->reveal(), "at-1");
  EXPECT_THAT(read_one("file:" + path + "#/n").error().message, HasSubstr("has no text at /n"));
  EXPECT_THAT(read_one("file:" + path + "#/gone").error().message, HasSubstr("has no text at /gone"));
  write_text(path, "{\"at-secret\": ");
  EXPECT_THAT(read_one("file:" + path + "#/x").error().message,
              ::testing::AllOf(HasSubstr("line 1"), ::testing::Not(HasSubstr("at-secret"))));
}

TEST(Reading, OnePassReadsAFileOnce) {
  const TempDir dir;
  const std::string path = (dir.path() / "login").string();
  write_text(path, login_json(1));
  SourceReader reader({}, {});
  EXPECT_EQ(reader.read(source("file:" + path + "#/access_token"))->reveal(), "at-SECRET-1");
  write_text(path, login_json(2));
  EXPECT_EQ(reader.read(source("file:" + path + "#/refresh_token"))->reveal(), "rt-SECRET-1")
      << "tokens of two logins were mixed";
}

TEST(Reading, ACommandsOutput) {
  EXPECT_EQ(read_one("exec:printf 'sk-%s\\n' run")->reveal(), "sk-run");
  EXPECT_THAT(read_one("exec:false").error().message, HasSubstr("ended with status 1"));
  EXPECT_THAT(read_one("exec:true").error().message, HasSubstr("printed nothing"));
}

TEST(Reading, BytesThatAreNoTextAreRefused) {
  EXPECT_THAT(read_one("exec:printf 'a\\377b'").error().message, HasSubstr("no text in UTF-8"));
}

TEST(Reading, AKeyringWithoutASecretServiceSaysSo) {
  const std::string path = getenv("PATH");
  setenv("PATH", "/nonexistent", 1);
  const auto value = read_one("keyring:belay/x");
  setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(value);
  EXPECT_THAT(value.error().message, HasSubstr("no Secret Service"));
}

TEST(Reading, TheExpiryBesideAToken) {
  const TempDir dir;
  const std::string path = (dir.path() / "login").string();
  write_text(path, R"({"t": {"access": "at-1", "expires_at": 1800000000}})");
  SourceReader reader({}, {});
  EXPECT_EQ(reader.expiry_of(source("file:" + path + "#/t/access")), 1'800'000'000'000);
  EXPECT_EQ(reader.expiry_of(source("literal:at-1")), std::nullopt);
}

}  // namespace
}  // namespace belay::credentials
