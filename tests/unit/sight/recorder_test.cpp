// The way of a line from a loop to the file, through the whole of Sight.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "rig.hpp"
#include "samples.hpp"
#include "spsc.hpp"

namespace belay::gateway::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Millis patience{20'000};

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(SpscQueue, IsBoundedAndInOrder) {
  sight::SpscQueue<int> queue(4);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(queue.put(i));
  EXPECT_FALSE(queue.put(4));
  EXPECT_EQ(queue.take(), 0);
  EXPECT_TRUE(queue.put(5));
  for (const int expected : {1, 2, 3, 5}) EXPECT_EQ(queue.take(), expected);
  EXPECT_EQ(queue.take(), std::nullopt);
}

TEST(Log, HasALineForEveryRequestOfEveryWorker) {
  const Folder folder;
  SightSettings how;
  how.access_log = folder.file("access.log");
  Rig rig(two_providers(), how);
  for (int i = 0; i < 200; ++i) {
    Sample sample;
    rig.ended(static_cast<std::size_t>(i % 2), sample.record);
  }
  rig.ended(0, plain("GET", "/healthz", 200));

  rig.sight->flush(patience);

  const std::string text = content_of(how.access_log);
  EXPECT_EQ(line_count(text), 201u);
  EXPECT_THAT(text, HasSubstr("\"path\":\"/healthz\""));
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_access_log_lines_total 201\n"));
}

TEST(Log, WhatWaitsIsWrittenAtTheEnd) {
  const Folder folder;
  SightSettings how;
  how.access_log = folder.file("access.log");
  {
    Rig rig(two_providers(), how);
    for (int i = 0; i < 1000; ++i) rig.ended(0, plain("GET", "/healthz", 200));
  }
  EXPECT_EQ(line_count(content_of(how.access_log)), 1000u);
}

TEST(Log, HoldsNoSecretThatAClientSays) {
  const Folder folder;
  SightSettings how;
  how.access_log = folder.file("access.log");
  Rig rig(two_providers(), how);
  auto record = plain("GET", "/v1/sk-of-p-123456/x", 404);
  record.user_agent = "agent sk-of-c-123456";
  rig.ended(0, record);
  rig.sight->flush(patience);
  const std::string text = content_of(how.access_log);
  EXPECT_THAT(text, Not(HasSubstr("sk-of")));
  EXPECT_THAT(text, HasSubstr("[secret]"));
}

TEST(Log, IsReopenedForRotation) {
  const Folder folder;
  SightSettings how;
  how.access_log = folder.file("access.log");
  Rig rig(two_providers(), how);
  rig.ended(0, plain("GET", "/healthz", 200));
  rig.sight->flush(patience);
  ASSERT_EQ(::rename(how.access_log.c_str(), folder.file("access.log.1").c_str()), 0);

  rig.sight->reopen();
  rig.sight->flush(patience);
  rig.ended(0, plain("GET", "/readyz", 200));
  rig.sight->flush(patience);

  EXPECT_THAT(content_of(folder.file("access.log.1")), HasSubstr("/healthz"));
  EXPECT_THAT(content_of(how.access_log), HasSubstr("/readyz"));
}

TEST(Log, AReloadMayMoveItAndABadPlaceChangesNothing) {
  const Folder folder;
  SightSettings how;
  how.access_log = folder.file("first.log");
  Rig rig(two_providers(), how);

  SightSettings bad = how;
  bad.access_log = folder.file("no/such/folder.log");
  EXPECT_FALSE(rig.sight->use(bad, rig.runtime).ok());
  rig.ended(0, plain("GET", "/healthz", 200));
  rig.sight->flush(patience);
  EXPECT_EQ(line_count(content_of(how.access_log)), 1u);

  SightSettings other = how;
  other.access_log = folder.file("second.log");
  ASSERT_TRUE(rig.sight->use(other, rig.runtime).ok());
  rig.ended(0, plain("GET", "/healthz", 200));
  rig.sight->flush(patience);
  EXPECT_EQ(line_count(content_of(how.access_log)), 1u);
  EXPECT_EQ(line_count(content_of(other.access_log)), 1u);
}

TEST(Log, AFullQueueLosesLinesAndCountsThem) {
  const Folder folder;
  SightSettings how;
  how.access_log = folder.file("access.log");
  how.queue = 4;
  Rig rig(two_providers(), how);
  rig.on_loop(0, [](SightWorker& worker) {
    const auto record = plain("GET", "/healthz", 200);
    for (int i = 0; i < 5000; ++i) worker.ended(record);
  });
  rig.sight->flush(patience);

  const std::string metrics = rig.metrics().body;
  const double written = value_of(metrics, "belay_access_log_lines_total"),
               dropped = value_of(metrics, "belay_access_log_dropped_lines_total{cause=\"queue\"}");
  EXPECT_GT(dropped, 0) << "four have room, and the thread naps between two looks";
  EXPECT_EQ(written + dropped, 5000);
  EXPECT_EQ(static_cast<double>(line_count(content_of(how.access_log))), written);
}

TEST(Log, AFullDiskIsCounted) {
  SightSettings how;
  how.access_log = "/dev/full";
  Rig rig(two_providers(), how);
  for (int i = 0; i < 3; ++i) rig.ended(0, plain("GET", "/healthz", 200));
  rig.sight->flush(patience);
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_access_log_dropped_lines_total{cause=\"write\"} 3\n"));
}

}  // namespace
}  // namespace belay::gateway::test
