#include "splice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belay::credentials {
namespace {

TEST(Splice, EverythingElseStaysByteForByte) {
  const std::string text =
      "{\n  \"n\": 12345678901234567890123,\n  \"tokens\": { \"access\" : \"old\" , \"x\":[1, 2] }\n}\n";
  EXPECT_EQ(*splice(text, "/tokens/access", "\"new\""),
            "{\n  \"n\": 12345678901234567890123,\n  \"tokens\": { \"access\" : \"new\" , \"x\":[1, 2] }\n}\n");
}

TEST(Splice, AMissingMemberIsAdded) {
  EXPECT_EQ(*splice("{\"a\":1}", "/b", "2"), "{\"b\":2,\"a\":1}");
  EXPECT_EQ(*splice(" { } ", "/b", "2"), " {\"b\":2 } ");
}

TEST(Splice, PointersAndNamesAreDecoded) {
  EXPECT_EQ(*splice(R"({"a/b":{"~":1}})", "/a~1b/~0", "2"), R"({"a/b":{"~":2}})");
  EXPECT_EQ(*splice(R"({"\u0061":1})", "/a", "2"), R"({"\u0061":2})");
}

TEST(Splice, WhatCanNotBeReachedIsAnError) {
  EXPECT_FALSE(splice("{\"a\":1}", "/a/b", "2"));
  EXPECT_FALSE(splice("{\"a\":1}", "/x/b", "2"));
  EXPECT_FALSE(splice("[1]", "/0", "2"));
  EXPECT_FALSE(splice("{", "/a", "2"));
  EXPECT_FALSE(splice("{}", "", "2"));
}

}  // namespace
}  // namespace belay::credentials
