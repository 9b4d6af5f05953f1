#include "trace_pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rig.hpp"
#include "samples.hpp"

namespace belay::gateway::test {
namespace {

using belay::test::Upstream;
using belay::test::UpstreamReply;
using belay::test::UpstreamRequest;
using runtime::test::ask;
using runtime::test::keyed;
using runtime::test::settings_of;
using sight::parse_filter;
using testing::HasSubstr;

std::string ids(const Got& got) {
  std::string out;
  const auto document = got.json();
  for (const auto& trace : json::at(document, "/traces")->GetArray())
    out += std::string(*json::string_at(trace, "id")) + " ";
  return out;
}

TEST(Filter, ReadsWhatMayBeAskedFor) {
  const auto filter = parse_filter("limit=7&outcome=deadline&route=a%20b+c&id=01J&");
  ASSERT_TRUE(filter.ok());
  EXPECT_EQ(filter->limit, 7u);
  EXPECT_EQ(filter->outcome, "deadline");
  EXPECT_EQ(filter->route, "a b c");
  EXPECT_EQ(filter->id, "01J");
  EXPECT_EQ(parse_filter("")->limit, 50u);
  EXPECT_EQ(parse_filter("outcome=&route=")->outcome, "") << "an empty field of a form: any";
}

TEST(Filter, SaysWhatIsWrong) {
  EXPECT_THAT(parse_filter("limit=0").error().message, HasSubstr("from 1 to 1000"));
  EXPECT_THAT(parse_filter("limit=x").error().message, HasSubstr("not \"x\""));
  EXPECT_THAT(parse_filter("outcome=bad").error().message, HasSubstr("ok, failed, refused, deadline or cancelled"));
  EXPECT_THAT(parse_filter("color=red").error().message, HasSubstr("limit, outcome, route and id"));
}

TEST(Traces, OneIsFoundAtOnceFromEveryWorkerAndIsTheTraceItself) {
  Upstream dead([](const UpstreamRequest&) {
    return UpstreamReply::json(401, R"({"error":{"message":"Incorrect API key provided"}})");
  });
  Upstream good([](const UpstreamRequest&) { return UpstreamReply::completion("pong"); });
  Rig rig(settings_of({keyed("p", dead.origin(), "sk-dead-123456"), keyed("c", good.origin(), "sk-good-123456")}));
  const auto result = rig.call(1, ask("ping"));

  for (std::size_t i = 0; i < 2; ++i) {
    const Got got = rig.trace(result.trace.id, i);
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.type, "application/json");
    EXPECT_EQ(got.body, fallback::to_json(result.trace));
  }
}

TEST(Traces, AnUnknownOneIs404) {
  Rig rig(two_providers());
  const Got got = rig.trace("01JNOBODY");
  EXPECT_EQ(got.status, 404);
  EXPECT_EQ(json::string_at(*json::at(got.json(), "/error"), "code"), "not_found");
  EXPECT_THAT(got.body, HasSubstr("01JNOBODY"));
}

TEST(Traces, AreListedNewestFirstAcrossWorkers) {
  Rig rig(two_providers());
  const char* names[] = {"a", "b", "c", "d"};
  for (int i = 0; i < 4; ++i) {
    Sample sample(names[i]);
    sample.record.began += i * 1000;
    rig.ended(static_cast<std::size_t>(i % 2), sample.record);
  }
  EXPECT_EQ(ids(rig.traces()), "d c b a ");
  EXPECT_EQ(ids(rig.traces("limit=3")), "d c b ");
  EXPECT_EQ(ids(rig.traces("outcome=failed")), "");
  EXPECT_EQ(ids(rig.traces("id=b", 1)), "b ");
  EXPECT_EQ(rig.traces("limit=none").status, 400);

  const auto summary = rig.traces("id=a").json();
  const auto& trace = *json::at(summary, "/traces/0");
  EXPECT_EQ(json::string_at(trace, "began"), "2025-11-24T16:00:00.123Z");
  EXPECT_EQ(json::string_at(trace, "left"), "auth_rejected");
  EXPECT_EQ(json::int_at(trace, "overhead_us"), 42);
  EXPECT_EQ(json::int_at(*json::at(trace, "/attempts/1"), "at_ms"), 120);
  EXPECT_EQ(json::string_at(*json::at(trace, "/skipped/0"), "target"), "x/m2");
}

TEST(Traces, AKeySeesItsOwn) {
  Rig rig(two_providers());
  Sample mine("a"), other("b");
  other.record.key = "web";
  rig.ended(0, mine.record);
  rig.ended(0, other.record);
  EXPECT_EQ(ids(rig.traces("", 0, Whose("ci"))), "a ");
  EXPECT_EQ(rig.trace("b", 0, Whose("ci")).status, 404);
  EXPECT_EQ(rig.trace("b", 0, Whose("web")).status, 200);
}

TEST(Traces, AsManyAreKeptAsWasSaid) {
  SightSettings how;
  how.traces_kept = 4;  // two a worker
  Rig rig(two_providers(), how);
  for (const char* id : {"a", "b", "c"}) {
    Sample sample(id);
    rig.ended(0, sample.record);
  }
  EXPECT_EQ(ids(rig.traces()), "c b ");
}

TEST(Traces, WhatTheyTellHoldsNoSecret) {
  Rig rig(two_providers());
  Sample sample;
  sample.result.trace.attempts[0].message = "bad key sk-of-p-123456";
  rig.ended(0, sample.record);
  EXPECT_THAT(rig.traces().body, testing::Not(HasSubstr("sk-of-p")));
}

}  // namespace
}  // namespace belay::gateway::test
