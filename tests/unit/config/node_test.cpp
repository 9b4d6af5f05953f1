#include "node.hpp"

#include <gtest/gtest.h>

#include "report.hpp"
#include "toml.hpp"

namespace belay::config {
namespace {

Node parsed(std::string_view text) {
  Report report;
  auto root = parse_toml(text, report.name("f"), report);
  EXPECT_TRUE(root) << text;
  return root ? *root : Node{};
}

std::string written(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::integer:
      return std::to_string(node.integer);
    case Node::Kind::array:
      for (const Node& item : node.items) out += written(item) + " ";
      return "[ " + out + "]";
    default:
      for (const Node& item : node.items) out += item.key + "=" + written(item) + " ";
      return "{ " + out + "}";
  }
}

std::string merged(std::string_view base, std::string_view over) {
  Node root = parsed(base);
  merge(root, parsed(over));
  return written(root);
}

TEST(Merge, LaysTablesOverEachOtherMemberByMember) {
  EXPECT_EQ(merged("[a]\nx = 1\ny = { p = 1, q = 2 }\n", "a = { y = { q = 3, r = 4 }, z = 5 }\n"),
            "{ a={ x=1 y={ p=1 q=3 r=4 } z=5 } }");
}

TEST(Merge, ReplacesArraysAsAWhole) {
  EXPECT_EQ(merged("a = [1, 2, 3]\n[[b]]\nx = 1\n[[b]]\nx = 2\n", "a = [4]\n[[b]]\ny = 3\n"),
            "{ a=[ 4 ] b=[ { y=3 } ] }");
}

TEST(Merge, LetsTheLaterKindWin) {
  EXPECT_EQ(merged("a = 1\nb = { x = 1 }\n", "a = { y = 2 }\nb = 3\n"), "{ a={ y=2 } b=3 }");
}

TEST(Merge, KeepsTheOrderOfTheEarlierFile) {
  EXPECT_EQ(merged("[b]\n[a]\n", "[c]\n[a]\nx = 1\n"), "{ b={ } a={ x=1 } c={ } }");
}

TEST(ShownKey, QuotesWhatTomlQuotes) {
  EXPECT_EQ(shown_key("base_url-2"), "base_url-2");
  EXPECT_EQ(shown_key("a.b c"), "\"a.b c\"");
  EXPECT_EQ(shown_key(""), "\"\"");
  EXPECT_EQ(shown_key("\x1b[31m").find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace belay::config
