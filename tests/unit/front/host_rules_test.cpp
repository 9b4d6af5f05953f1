#include "host_rules.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace belay::gateway {
namespace {

TEST(HostRules, KnowsAHost) {
  for (const char* host : {"localhost", "localhost:7077", "a-b.c_d~e", "127.0.0.1:0", "[::1]", "[::1]:65535", "[2001:db8::1]:80", "localhost:"}) EXPECT_TRUE(well_formed_host(host)) << host;
  for (const char* host : {"", ":80", "a b", "a/b", "a@b", "a,b", "a:b", "a:70000", "a:1:2", "[]", "[::1", "::1", "[::1]x", "[127.0.0.1]", "a%20b", "a\tb", "\xc3\xa4", "a:-1"})
    EXPECT_FALSE(well_formed_host(host)) << host;
}

TEST(HostRules, KnowsLoopback) {
  for (const char* host : {"localhost", "LocalHost:80", "localhost.", "127.0.0.1", "127.255.0.9:1", "[::1]", "[::1]:7077"}) EXPECT_TRUE(is_loopback_host(host)) << host;
  for (const char* host : {"", "localhost.evil.example", "evil-localhost", "127.0.0.1.evil.example", "127.1", "0127.0.0.1", "127.0.0.256", "128.0.0.1", "0.0.0.0", "[::2]", "[::1",
                           "[::ffff:127.0.0.1]", "2130706433"})
    EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(HostRules, ANameStandsForAllPortsAndWithAPortForOne) {
  const std::vector<std::string> hosts{"belay.internal", "other.internal:81"};
  EXPECT_TRUE(host_allowed("belay.internal", hosts));
  EXPECT_TRUE(host_allowed("BELAY.internal:9", hosts));
  EXPECT_TRUE(host_allowed("other.internal:81", hosts));
  EXPECT_FALSE(host_allowed("other.internal:82", hosts));
  EXPECT_FALSE(host_allowed("other.internal", hosts));
  EXPECT_FALSE(host_allowed("x.belay.internal", hosts));
  EXPECT_TRUE(host_allowed("localhost:1", hosts));
}

TEST(HostRules, KnowsOrigins) {
  const std::vector<std::string> origins{"https://tools.example.com", "vscode-webview://abc"};
  for (const char* origin : {"http://localhost", "https://localhost:5173", "http://127.0.0.1:80", "http://[::1]:1", "https://tools.example.com", "vscode-webview://abc"})
    EXPECT_TRUE(origin_allowed(origin, origins)) << origin;
  for (const char* origin : {"", "null", "http://tools.example.com", "https://tools.example.com:444", "https://tools.example.com.evil.example", "file://localhost", "http://localhost/",
                             "http://localhost:80@evil.example", "http://localhost.evil.example", "localhost", "http://", "vscode-webview://abcd"})
    EXPECT_FALSE(origin_allowed(origin, origins)) << origin;
}

}  // namespace
}  // namespace belay::gateway
