#include "target.hpp"

#include <gtest/gtest.h>

namespace belay::gateway {
namespace {

TEST(Target, OriginForm) {
  const Target plain = read_target("GET", "/a/b"), query = read_target("GET", "/a?b?c"), empty = read_target("GET", "/a?");
  EXPECT_EQ(plain.form, Target::Form::origin);
  EXPECT_EQ(plain.path, "/a/b");
  EXPECT_EQ(query.path, "/a");
  EXPECT_EQ(query.query, "b?c");
  EXPECT_EQ(empty.query, "");
}

TEST(Target, AbsoluteFormHasAnAuthority) {
  const Target target = read_target("GET", "https://[::1]:80/a?b");
  EXPECT_EQ(target.form, Target::Form::absolute);
  EXPECT_EQ(target.authority, "[::1]:80");
  EXPECT_EQ(target.path, "/a");
  EXPECT_EQ(target.query, "b");
}

TEST(Target, OtherForms) {
  EXPECT_EQ(read_target("OPTIONS", "*").form, Target::Form::asterisk);
  EXPECT_EQ(read_target("GET", "*").form, Target::Form::bad);
  EXPECT_EQ(read_target("CONNECT", "a:1").form, Target::Form::authority);
  for (const char* bad : {"", "a", "a:1", "http:/a", "http://", "http:///", "http://a@b/", "/a b", "/\x7f", "/\xff", "/#"}) EXPECT_EQ(read_target("GET", bad).form, Target::Form::bad) << bad;
}

}  // namespace
}  // namespace belay::gateway
