#include "expiry.hpp"

#include <gtest/gtest.h>

#include "base/hash.hpp"

namespace belay::credentials {
namespace {

std::string jwt(const std::string& claims) { return base64("{\"alg\":\"none\"}") + "." + base64(claims) + ".sig"; }

TEST(Expiry, AJwtSaysItself) {
  const Lifetime lifetime = jwt_lifetime(jwt(R"({"exp":1800003600,"iat":1800000000})"));
  EXPECT_EQ(lifetime.expires, 1'800'003'600'000);
  EXPECT_EQ(lifetime.issued, 1'800'000'000'000);
}

TEST(Expiry, WhatIsNoJwtSaysNothing) {
  for (const std::string& token :
       {std::string("opaque"), std::string("a.b"), std::string("a.b.c.d"), std::string("!.!.!"), jwt("[]"), jwt("{"),
        jwt(R"({"exp":"soon"})"), jwt(R"({"exp":-1})"), jwt(R"({"exp":1e300})")}) {
    EXPECT_EQ(jwt_lifetime(token).expires, std::nullopt) << token;
  }
}

TEST(Expiry, MomentsInEveryFormThatLoginFilesUse) {
  const auto moment = [](const std::string& text) { return read_moment(*json::parse(text)); };
  EXPECT_EQ(moment("1800000000"), 1'800'000'000'000);
  EXPECT_EQ(moment("1800000000000"), 1'800'000'000'000);
  EXPECT_EQ(moment("\"1800000000\""), 1'800'000'000'000);
  EXPECT_EQ(moment("\"2027-01-15T08:00:00Z\""), 1'800'000'000'000);
  EXPECT_EQ(moment("\"\""), std::nullopt);
  EXPECT_EQ(moment("\"soon\""), std::nullopt);
  EXPECT_EQ(moment("true"), std::nullopt);
  EXPECT_EQ(moment("0"), std::nullopt);
}

TEST(Expiry, StandsBesideTheToken) {
  const auto document = *json::parse(R"({"expires_at": 1, "oauth": {"access": "x", "expiresAt": 1800000000000}})");
  EXPECT_EQ(expiry_beside(document, "/oauth/access"), 1'800'000'000'000);
  EXPECT_EQ(expiry_member_beside(document, "/oauth/access"), "expiresAt");
  EXPECT_EQ(expiry_beside(document, "/nowhere/access"), std::nullopt);
}

}  // namespace
}  // namespace belay::credentials
