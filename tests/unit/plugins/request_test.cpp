// The HTTP request that a plugin writes: what passes, and each way to break the writer's rules.
#include <algorithm>

#include "fixtures.hpp"
#include "words.hpp"

namespace belay::plugins {
namespace {

constexpr std::string_view key = "sk-test/0123456789+abc";

struct Written {
  Answer answer;
  OutgoingRequest request;
};

Written build(Instance& instance) {
  Written written;
  const auto request = request_of();
  const LentCredential credential(key);
  std::unique_ptr<Exchange> exchange;
  written.answer = instance.begin(request, &credential.raw, exchange);
  if (written.answer.ok()) written.answer = exchange->build_request(written.request);
  return written;
}

TEST(Request, GoodOneIsTaken) {
  const auto written = build(*instance_of("good", "https://api.example.org/v1/"));

  ASSERT_EQ(written.answer.status, Status::ok) << written.answer.text;
  EXPECT_EQ(written.request.method, "POST");
  EXPECT_EQ(written.request.url, "https://api.example.org/v1/chat");
  EXPECT_TRUE(written.request.body_as_given);
  ASSERT_EQ(written.request.headers.size(), 2u);
  EXPECT_FALSE(written.request.headers[0].secret);
  EXPECT_EQ(written.request.headers[1].name, "authorization");
  EXPECT_EQ(written.request.headers[1].value, key);
  EXPECT_TRUE(written.request.headers[1].secret);
}

TEST(Request, OwnBodyIsCollected) {
  const auto written = build(*instance_of("own-body"));

  EXPECT_EQ(written.request.body, "{\"a\":1}");
  EXPECT_FALSE(written.request.body_as_given);
}

TEST(Request, OriginOfTheNoteIsAllowed) {
  EXPECT_EQ(build(*instance_of("note-origin")).request.url, "https://eu.api.example.org/chat");
}

TEST(Request, AuthorizationIsASecretWhetherMarkedOrNot) {
  const auto written = build(*instance_of("authorization-unmarked"));

  ASSERT_EQ(written.answer.status, Status::ok) << written.answer.text;
  ASSERT_EQ(written.request.headers.size(), 1u);
  EXPECT_TRUE(written.request.headers[0].secret);
}

TEST(Request, BaseUrlMustBeOne) {
  const auto made = fixtures().make("good", {"spare", "ftp://x", "{}", ""});

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "provider.spare.base_url: not a usable URL: its scheme is neither http nor https");
}

struct Breach {
  const char* type;
  const char* rule;
};

std::ostream& operator<<(std::ostream& out, const Breach& breach) { return out << breach.type; }

class BrokenRequest : public testing::TestWithParam<Breach> {};

TEST_P(BrokenRequest, IsAFaultAndNotSent) {
  const auto instance = instance_of(GetParam().type);
  ASSERT_NE(instance, nullptr);

  const auto written = build(*instance);

  EXPECT_EQ(written.answer.status, Status::fault);
  EXPECT_EQ(written.answer.text,
            std::string("plugin org.belay.fixture 1.2.0 broke its contract in build_request(): ") + GetParam().rule);
  EXPECT_EQ(written.answer.text.find(key), std::string::npos);
  EXPECT_TRUE(written.request.url.empty() && written.request.headers.empty() && written.request.body.empty());
}

const Breach breaches[] = {
    {"header-crlf", "it wrote the header \"x-note\" with a control character or more than 64 KiB"},
    {"header-name-bad", "it wrote a header whose name is not legal"},
    {"header-host", "it wrote the header \"host\", which is the host's"},
    {"header-content-length", "it wrote the header \"content-length\", which is the host's"},
    {"header-before-line", "it wrote a header before the line"},
    {"secret-in-url", "it wrote a secret into the URL"},
    {"secret-in-url-encoded", "it wrote a secret into the URL"},
    {"secret-in-header", "it wrote a secret into the header \"x-key\" without BELAY_SECRET"},
    {"other-origin",
     "it wrote a URL at https://evil.example, which is neither the provider's base URL nor named in its note"},
    {"ignores-refusal",
     "it wrote a URL at https://evil.example, which is neither the provider's base URL nor named in its note"},
    {"url-with-space",
     "it wrote a URL that is not legal (ASCII without spaces and control characters, 16 KiB at most)"},
    {"url-with-user",
     "it wrote a URL that is not legal (not a usable URL: it holds user information (use a credential instead))"},
    {"method-bad", "it wrote a method that is not legal"},
    {"line-twice", "it wrote a second line"},
    {"no-line", "it answered OK and wrote no line"},
    {"body-and-given", "it called body_as_given() after a body"},
};
INSTANTIATE_TEST_SUITE_P(Writer, BrokenRequest, testing::ValuesIn(breaches), [](const auto& info) {
  std::string name = info.param.type;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Words, FormsOfTheAbi) {
  EXPECT_TRUE(provider_type("openai") && provider_type("a-1") && wire_name("openai.chat/1") && wire_name("x/12"));
  EXPECT_FALSE(provider_type("Openai") || provider_type("1a") || provider_type("") ||
               provider_type(std::string(65, 'a')));
  EXPECT_FALSE(wire_name("openai.chat") || wire_name("openai.chat/") || wire_name("openai.chat/01") ||
               wire_name("/1") || wire_name("a/1x"));
  EXPECT_TRUE(semantic_version("0.1.0") && semantic_version("1.2.3-rc.1") && semantic_version("1.2.3+build"));
  EXPECT_FALSE(semantic_version("1.2") || semantic_version("01.2.3") || semantic_version("1.2.3-") ||
               semantic_version("v1.2.3") || semantic_version("1.2.3.4"));
  EXPECT_TRUE(reverse_dns("org.example.acme-2"));
  EXPECT_FALSE(reverse_dns("acme") || reverse_dns("org..acme") || reverse_dns("Org.acme") || reverse_dns("org.acme."));
  EXPECT_TRUE(origin_pattern("https://*.example.org") && origin_pattern("http://127.0.0.1:9001"));
  EXPECT_FALSE(origin_pattern("https://example.org/") || origin_pattern("*.example.org") ||
               origin_pattern("https://a.*.org"));
}

}  // namespace
}  // namespace belay::plugins
