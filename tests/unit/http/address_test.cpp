#include "address.hpp"

#include <gtest/gtest.h>

#include "exchange.hpp"

namespace belay::http::test {
namespace {

TEST(CheckedUrl, HasTheOriginThatLibcurlWillGoTo) {
  for (const char* url : {"https://api.example.org/v1", "HTTPS://API.example.org:443/v1?x", "http://127.0.0.1:9001",
                          "http://[::1]:80/a/../b", "https://example.org?q"}) {
    EXPECT_TRUE(CheckedUrl::parse(url).ok()) << url;
  }
}

TEST(CheckedUrl, RefusesWhatTwoParsersMightReadDifferently) {
  for (const char* url :
       {"http://a@b/", "http://127.1/", "http://0x7f.0.0.1/", "http://2130706433/", "http:/example.org/",
        "http://example.org\\@evil.example/", "http://exam%70le.org/", "//example.org/", "http://example.org:80:90/"}) {
    EXPECT_FALSE(CheckedUrl::parse(url).ok()) << url;
  }
}

TEST(CheckedUrl, FollowsLocationsLikeABrowser) {
  const auto base = *CheckedUrl::parse("https://api.example.org/v1/chat?x=1");
  const auto path_of = [&](const char* location) {
    const auto next = base.follow(location);
    if (!next) return std::string("refused");
    char* text = nullptr;
    curl_url_get(next->parsed.get(), CURLUPART_URL, &text, 0);
    const CurlText owned(text);
    return std::string(text);
  };
  EXPECT_EQ(path_of("/v2"), "https://api.example.org/v2");
  EXPECT_EQ(path_of("other"), "https://api.example.org/v1/other");
  EXPECT_EQ(path_of("//evil.example/x"), "https://evil.example/x");
  EXPECT_EQ(path_of("https://api.example.org:8443/x"), "https://api.example.org:8443/x");
  EXPECT_EQ(path_of(""), "refused");
  EXPECT_EQ(path_of("javascript:alert(1)"), "refused");
}

TEST(AddressBook, OneAddressForOneUrlAndEndpoint) {
  AddressBook book(ProxyEnvironment{});
  EndpointSettings direct;
  direct.proxy = "none";
  EndpointSettings proxied;
  proxied.proxy = "http://proxy:3128";
  const auto one = *book.find("http://127.0.0.1/a", &direct);
  EXPECT_EQ(one, *book.find("http://127.0.0.1/a", &direct));
  EXPECT_NE(one, *book.find("http://127.0.0.1/b", &direct));
  EXPECT_NE(one, *book.find("http://127.0.0.1/a", &proxied));
  EXPECT_EQ((*book.find("http://127.0.0.1/a", &proxied))->via.proxy, "http://proxy:3128");
  EXPECT_EQ(one->via.proxy, "");
}

}  // namespace
}  // namespace belay::http::test
