#include "exec_output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string field(const ExecCredential& credential, std::string_view name) {
  for (const Field& item : credential.fields) {
    if (item.name == name) return std::string(item.value.reveal());
  }
  return {};
}

TEST(ExecOutput, ABareToken) {
  const auto credential = parse_exec_output("tok-1\n");
  ASSERT_TRUE(credential);
  EXPECT_EQ(field(*credential, "secret"), "tok-1");
  EXPECT_EQ(credential->expires, std::nullopt);
}

TEST(ExecOutput, AKubernetesExecCredential) {
  const auto credential = parse_exec_output(
      R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",
          "status":{"expirationTimestamp":"2027-01-15T08:00:00Z","token":"tok-2"}})");
  ASSERT_TRUE(credential) << credential.error().message;
  EXPECT_EQ(field(*credential, "secret"), "tok-2");
  EXPECT_EQ(credential->expires, 1'800'000'000'000);
}

TEST(ExecOutput, ACertificateAndKeyCount) {
  const auto credential = parse_exec_output(
      R"({"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential",
          "status":{"clientCertificateData":"-----BEGIN\nC","clientKeyData":"-----BEGIN\nK"}})");
  ASSERT_TRUE(credential) << credential.error().message;
  EXPECT_EQ(field(*credential, "certificate"), "-----BEGIN\nC");
  EXPECT_EQ(field(*credential, "key"), "-----BEGIN\nK");
}

TEST(ExecOutput, AnAwsDocument) {
  const auto credential = parse_exec_output(
      R"({"Version":1,"AccessKeyId":"AK","SecretAccessKey":"SK","SessionToken":"ST","Expiration":"2027-01-15T08:00:00Z"})");
  ASSERT_TRUE(credential) << credential.error().message;
  EXPECT_EQ(field(*credential, "access_key_id"), "AK");
  EXPECT_EQ(field(*credential, "secret_access_key"), "SK");
  EXPECT_EQ(field(*credential, "session_token"), "ST");
  EXPECT_EQ(credential->expires, 1'800'000'000'000);
}

TEST(ExecOutput, WrongOutputSaysWhatAndIsNotQuoted) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "printed nothing"},
      {"{\"hunter2\"", "broken JSON"},
      {R"({"hunter2":1})", "neither an ExecCredential"},
      {R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v9","status":{"token":"hunter2"}})",
       "apiVersion"},
      {R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"})", "no status"},
      {R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}})", "neither a token"},
      {R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientKeyData":"hunter2"}})",
       "not both"},
      {R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"hunter2","expirationTimestamp":"soon"}})",
       "expirationTimestamp"},
      {R"({"Version":2,"AccessKeyId":"hunter2"})", "Version"},
      {R"({"Version":1,"AccessKeyId":"hunter2"})", "SecretAccessKey"},
      {"hunter2\nmore", "more than one line"}};
  for (const auto& [output, problem] : cases) {
    const auto credential = parse_exec_output(output);
    ASSERT_FALSE(credential) << output;
    EXPECT_THAT(credential.error().message, HasSubstr(problem)) << output;
    EXPECT_THAT(credential.error().message, Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace belay::credentials
