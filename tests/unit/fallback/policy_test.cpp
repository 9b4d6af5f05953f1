// The table that runs is the table of DESIGN 4.2; its words are the closed lists.
#include "fallback/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace belay::fallback {
namespace {

struct Expected {
  const char* reason;
  const char* scope;
  const char* here;
  const char* then;
};

// Read off the design, not off the code.
constexpr Expected rows[] = {
    {"auth_rejected", "credential", "refresh once; if it changed anything, once more; then next credential", "next_target"},
    {"credential_missing", "credential", "-", "next_target"},
    {"quota_exhausted", "credential", "a smaller output once, if the reply names an affordable size; then next credential", "next_target"},
    {"rate_limited", "credential + model", "wait as told (at most 10 s) and retry once; then next credential", "next_target"},
    {"overloaded", "target", "retry up to 2 times with backoff from 250 ms", "next_target"},
    {"server_error", "target", "retry up to 2 times with backoff from 250 ms", "next_target"},
    {"unreachable", "endpoint", "retry up to 2 times with backoff from 250 ms", "next_target"},
    {"timed_out", "target", "-", "next_target"},
    {"model_unavailable", "target", "-", "next_target"},
    {"permission_denied", "target", "-", "next_target"},
    {"invalid_reply", "target", "-", "next_target"},
    {"unsupported_parameter", "none", "drop or rename the parameter, each once", "next_target"},
    {"context_too_long", "none", "-", "next_target with a larger declared context, else give_up"},
    {"request_too_large", "none", "-", "give_up"},
    {"bad_request", "none", "-", "give_up"},
    {"content_refused", "none", "-", "give_up"},
    {"plugin_fault", "plugin", "-", "next_target"},
    {"deadline_exceeded", "none", "-", "give_up"},
    {"cancelled", "none", "-", "give_up"},
};

TEST(Policy, IsTheTableOfTheDesign) {
  const RouteSettings route;
  ASSERT_EQ(std::size(rows), policy().size());
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    const Row& row = policy()[i];
    EXPECT_EQ(to_string(row.reason), rows[i].reason);
    EXPECT_EQ(to_string(row.scope), rows[i].scope) << rows[i].reason;
    EXPECT_EQ(describe(row, route), rows[i].here) << rows[i].reason;
    EXPECT_EQ(describe(row.then), rows[i].then) << rows[i].reason;
  }
}

TEST(Policy, AnOwnersWordReplacesTheLastColumnButForTheCallersOwnLimits) {
  RouteSettings route;
  route.on = {{Reason::content_refused, Verdict::next_target}, {Reason::deadline_exceeded, Verdict::next_target}};

  EXPECT_EQ(then_of(route, Reason::content_refused), Then::next_target);
  EXPECT_EQ(then_of(route, Reason::deadline_exceeded), Then::give_up);
}

TEST(Policy, GroupsAreThoseOfTheDesign) {
  const auto names = [](std::string_view word) {
    std::string out;
    const auto set = parse_reason_group(word);
    for (std::size_t i = 0; set && i < reason_count; ++i) {
      if (set->test(i)) out += std::string(out.empty() ? "" : " ") + std::string(to_string(static_cast<Reason>(i)));
    }
    return out;
  };
  EXPECT_EQ(names("auth"), "auth_rejected credential_missing permission_denied");
  EXPECT_EQ(names("capacity"), "quota_exhausted rate_limited overloaded");
  EXPECT_EQ(names("transport"), "server_error unreachable timed_out invalid_reply");
  EXPECT_EQ(names("model"), "model_unavailable context_too_long");
  EXPECT_EQ(names("bad_request"), "bad_request");
  EXPECT_EQ(names("everything"), "");
  EXPECT_TRUE(parse_reason_group("any")->all());
}

TEST(Policy, TheDocumentationIsPrintedFromIt) {
  std::ifstream file(POLICY_PAGE);
  const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto table = page.find("| reason |");
  ASSERT_NE(table, std::string::npos) << POLICY_PAGE;
  EXPECT_EQ(page.substr(table), policy_markdown());
}

TEST(Policy, EveryReasonIsParsedBack) {
  for (const Row& row : policy()) EXPECT_EQ(parse_reason(to_string(row.reason)), row.reason);
  EXPECT_EQ(parse_reason("auth"), std::nullopt);
}

}  // namespace
}  // namespace belay::fallback
