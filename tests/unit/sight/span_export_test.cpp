// Batches on their way to a collector on loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "rig.hpp"
#include "samples.hpp"

namespace belay::gateway::test {
namespace {

using belay::test::Upstream;
using belay::test::UpstreamReply;
using belay::test::UpstreamRequest;
using testing::HasSubstr;

constexpr Millis patience{20'000};

/// A collector that answers as its list says, then 200.
class Collector {
 public:
  explicit Collector(std::vector<UpstreamReply> first = {})
      : first_(std::move(first)), upstream_([this](const UpstreamRequest& request) { return answer(request); }) {}

  [[nodiscard]] std::string origin() const { return upstream_.origin(); }
  std::vector<UpstreamRequest> seen() {
    std::lock_guard lock(mutex_);
    return seen_;
  }
  bool wait_for(std::size_t requests) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return seen_.size() >= requests; });
  }

 private:
  UpstreamReply answer(const UpstreamRequest& request) {
    std::lock_guard lock(mutex_);
    seen_.push_back(request);
    changed_.notify_all();
    return seen_.size() <= first_.size() ? first_[seen_.size() - 1] : UpstreamReply::json(200, "{}");
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<UpstreamRequest> seen_;
  std::vector<UpstreamReply> first_;
  Upstream upstream_;  // last: its thread uses the others
};

SightSettings telling(const std::string& origin) {
  SightSettings how;
  how.otlp_endpoint = origin;
  how.service_name = "gateway-of-the-test";
  how.export_backoff = Millis(10);
  return how;
}

std::size_t spans_in(const std::string& body) {
  const auto document = json::parse(body);
  return document.ok() ? json::at(*document, "/resourceSpans/0/scopeSpans/0/spans")->Size() : 0;
}

TEST(SpanExport, SendsABatchWithItsHeaders) {
  Collector collector;
  auto how = telling(collector.origin());
  how.otlp_headers.emplace_back("x-api-key", Secret("collector-key-1"));
  Rig rig(two_providers(), how);
  for (int i = 0; i < 3; ++i) {
    Sample sample;
    rig.ended(static_cast<std::size_t>(i % 2), sample.record);
  }
  rig.sight->flush(patience);

  const auto seen = collector.seen();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].method + " " + seen[0].path, "POST /v1/traces");
  EXPECT_EQ(seen[0].headers.at("content-type"), "application/json");
  EXPECT_EQ(seen[0].headers.at("x-api-key"), "collector-key-1");
  EXPECT_EQ(spans_in(seen[0].body), 9u);
  EXPECT_THAT(seen[0].body, HasSubstr("gateway-of-the-test"));
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_spans_exported_total 9\n"));
}

TEST(SpanExport, ABatchGoesOutWhenItIsLargeAndWhenItIsOld) {
  Collector collector;
  auto how = telling(collector.origin());
  how.batch_spans = 6;
  how.batch_wait = Millis(3'600'000);
  Rig rig(two_providers(), how);
  Sample sample;
  rig.ended(0, sample.record);
  rig.ended(0, sample.record);
  ASSERT_TRUE(collector.wait_for(1)) << "six are enough";

  how.batch_wait = Millis(50);
  ASSERT_TRUE(rig.sight->use(how, rig.runtime).ok());
  rig.ended(0, sample.record);
  ASSERT_TRUE(collector.wait_for(2)) << "three are old enough";
  EXPECT_EQ(spans_in(collector.seen()[1].body), 3u);
}

TEST(SpanExport, TriesOnceMoreAfterTheTimeThatTheCollectorNames) {
  Collector collector({UpstreamReply::json(503, "{}", "Retry-After: 1\r\n")});
  Rig rig(two_providers(), telling(collector.origin()));
  Sample sample;
  rig.ended(0, sample.record);
  const MonoTime before = system_clock().mono();
  rig.sight->flush(patience);

  EXPECT_GE(system_clock().mono() - before, Millis(900)) << "its Retry-After, not our 10 ms";
  const auto seen = collector.seen();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].body, seen[1].body);
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_spans_exported_total 3\n"));
}

TEST(SpanExport, GivesUpAfterTheSecondTryAndCarriesOn) {
  const auto busy = UpstreamReply::json(429, "{}");
  Collector collector({busy, busy});
  Rig rig(two_providers(), telling(collector.origin()));
  Sample sample;
  rig.ended(0, sample.record);
  rig.sight->flush(patience);
  EXPECT_EQ(collector.seen().size(), 2u);
  rig.ended(0, sample.record);
  rig.sight->flush(patience);

  EXPECT_EQ(collector.seen().size(), 3u);
  const std::string metrics = rig.metrics().body;
  EXPECT_THAT(metrics, HasSubstr("belay_spans_exported_total 3\n"));
  EXPECT_THAT(metrics, HasSubstr("belay_spans_dropped_total{cause=\"export\"} 3\n"));
}

TEST(SpanExport, ABadRequestIsNotRepeated) {
  Collector collector({UpstreamReply::json(400, "{}")});
  Rig rig(two_providers(), telling(collector.origin()));
  Sample sample;
  rig.ended(0, sample.record);
  rig.sight->flush(patience);
  EXPECT_EQ(collector.seen().size(), 1u);
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_spans_dropped_total{cause=\"export\"} 3\n"));
}

TEST(SpanExport, SpansThatTheCollectorDidNotTakeAreCounted) {
  Collector collector(
      {UpstreamReply::json(200, R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}})")});
  Rig rig(two_providers(), telling(collector.origin()));
  Sample sample;
  rig.ended(0, sample.record);
  rig.sight->flush(patience);
  const std::string metrics = rig.metrics().body;
  EXPECT_THAT(metrics, HasSubstr("belay_spans_exported_total 1\n"));
  EXPECT_THAT(metrics, HasSubstr("belay_spans_dropped_total{cause=\"export\"} 2\n"));
}

TEST(SpanExport, ACollectorThatHangsIsGivenUpOn) {
  UpstreamReply silent;
  silent.hold = true;
  Collector collector({silent, silent});
  auto how = telling(collector.origin());
  how.export_timeout = Millis(200);
  Rig rig(two_providers(), how);
  Sample sample;
  rig.ended(0, sample.record);
  rig.sight->flush(patience);
  EXPECT_EQ(collector.seen().size(), 2u);
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_spans_dropped_total{cause=\"export\"} 3\n"));
}

TEST(SpanExport, ACollectorThatIsAwayLosesSpansAndNothingElse) {
  std::string nobody;
  {
    Collector collector;
    nobody = collector.origin();
  }
  auto how = telling(nobody);
  how.batch_spans = 3;
  Rig rig(two_providers(), how);
  Sample sample;
  for (int i = 0; i < 100; ++i) rig.ended(0, sample.record);
  rig.sight->flush(patience);

  const std::string metrics = rig.metrics().body;
  const double refused = value_of(metrics, "belay_spans_dropped_total{cause=\"export\"}"),
               overflowed = value_of(metrics, "belay_spans_dropped_total{cause=\"queue\"}");
  EXPECT_GT(refused, 0);
  EXPECT_EQ(refused + overflowed, 300);
}

TEST(SpanExport, TheEndDoesNotWaitForACollectorThatHangs) {
  UpstreamReply silent;
  silent.hold = true;
  Collector collector({silent});
  {
    Rig rig(two_providers(), telling(collector.origin()));
    Sample sample;
    rig.ended(0, sample.record);
    rig.sight->flush(Millis(50));
    ASSERT_TRUE(collector.wait_for(1));
  }
  EXPECT_EQ(collector.seen().size(), 1u);
}

TEST(SpanExport, UnsampledRequestsAreNotSent) {
  Collector collector;
  Rig rig(two_providers(), telling(collector.origin()));
  Sample sample;
  sample.record.context.sampled = false;
  rig.ended(0, sample.record);
  rig.ended(0, plain("GET", "/metrics", 200));
  rig.sight->flush(patience);
  EXPECT_EQ(collector.seen().size(), 0u);
}

}  // namespace
}  // namespace belay::gateway::test
