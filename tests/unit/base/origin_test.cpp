#include "base/origin.hpp"

#include <gtest/gtest.h>

namespace belay {
namespace {

std::string text_of(std::string_view url) {
  const auto origin = origin_of(url);
  return origin ? origin->text() : "refused: " + origin.error().message;
}

TEST(Origin, IsSchemeHostAndPort) {
  EXPECT_EQ(text_of("https://api.example.org/v1/chat?x=http://other"), "https://api.example.org");
  EXPECT_EQ(text_of("http://127.0.0.1:9001/v1"), "http://127.0.0.1:9001");
  EXPECT_EQ(text_of("http://[::1]:8080/"), "http://[::1]:8080");
  EXPECT_EQ(text_of("http://host#@other"), "http://host");
}

TEST(Origin, DefaultPortsAndCaseMakeNoDifference) {
  EXPECT_EQ(text_of("HTTPS://API.Example.ORG:443/"), "https://api.example.org");
  EXPECT_EQ(*origin_of("http://a"), *origin_of("http://A:80/x"));
  EXPECT_FALSE(*origin_of("http://a:443") == *origin_of("https://a"));
}

TEST(Origin, RefusesWhatProgramsReadDifferently) {
  for (const char* url : {"",
                          "api.example.org",
                          "ftp://a/",
                          "file:///etc/passwd",
                          "https://",
                          "https:///x",
                          "https://user@a/",
                          "https://user:pw@a/",
                          "https://a:0/",
                          "https://a:65536/",
                          "https://a:8x/",
                          "https://a:/",
                          "https://a b/",
                          "https://a\r\nHost: b",
                          "https://a\\@b/",
                          "https://a/\\b",
                          "https://[::1",
                          "https://[::1]x:1/",
                          "https://a%2eb/",
                          "https://[]/",
                          "https://ä/"}) {
    EXPECT_FALSE(origin_of(url)) << url;
  }
}

TEST(Origin, PatternsMatchWholeLabels) {
  const Origin origin = *origin_of("https://us-central1.aiplatform.googleapis.com/v1");

  EXPECT_TRUE(origin_matches(origin, "https://*.googleapis.com"));
  EXPECT_TRUE(origin_matches(origin, "https://us-central1.aiplatform.googleapis.com"));
  EXPECT_FALSE(origin_matches(origin, "https://*.apis.com"));
  EXPECT_FALSE(origin_matches(origin, "http://*.googleapis.com"));
  EXPECT_FALSE(origin_matches(origin, "https://*.googleapis.com:8443"));
  EXPECT_FALSE(origin_matches(origin, "https://*"));
  EXPECT_FALSE(origin_matches(origin, ""));
}

TEST(Origin, AWildPatternDoesNotMatchTheBareDomain) {
  EXPECT_FALSE(origin_matches(*origin_of("https://googleapis.com"), "https://*.googleapis.com"));
  EXPECT_FALSE(origin_matches(*origin_of("https://evilgoogleapis.com"), "https://*.googleapis.com"));
}

}  // namespace
}  // namespace belay
