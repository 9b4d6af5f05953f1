// What the checks cost. Prints nanoseconds; the limits are a hundred times what a slow machine needs, so that only a
// mistake (a lock, an allocation per byte, a look at the register of secrets) trips them.
#include <chrono>
#include <cstdio>

#include "fixtures.hpp"

namespace belay::plugins {
namespace {

const belay_head ok_head{sizeof(belay_head), 200, {nullptr, 0, sizeof(belay_field)}};

struct Nothing : EventSink {
  bool on_event(const belay_event&) override { return true; }
};

template <class Body>
double nanoseconds_each(int rounds, Body body) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < rounds; ++i) body();
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / rounds;
}

TEST(Cost, OfAChunkAndOfAnExchange) {
  const auto instance = instance_of("good");
  const auto request = request_of();
  const LentCredential credential("sk-test-0123456789");
  const std::string small(64, 'a'), large(16 << 10, 'a');
  Nothing sink;

  std::unique_ptr<Exchange> exchange;
  OutgoingRequest written;
  ASSERT_TRUE(instance->begin(request, &credential.raw, exchange).ok());
  ASSERT_TRUE(exchange->build_request(written).ok());
  ASSERT_TRUE(exchange->on_head(ok_head, sink).ok());
  const double chunk = nanoseconds_each(200'000, [&] { exchange->on_chunk(small, sink); });
  const double large_chunk = nanoseconds_each(20'000, [&] { exchange->on_chunk(large, sink); });
  const double whole = nanoseconds_each(20'000, [&] {
    std::unique_ptr<Exchange> each;
    OutgoingRequest out;
    instance->begin(request, &credential.raw, each);
    each->build_request(out);
    each->on_head(ok_head, sink);
    each->on_chunk(small, sink);
    each->finish(Finish::complete, sink);
  });

  std::printf(
      "a chunk of 64 bytes with one event: %.0f ns; of 16 KiB: %.0f ns; a whole exchange (5 calls, request, 4 events): "
      "%.0f ns\n",
      chunk, large_chunk, whole);
  EXPECT_LT(chunk, 20'000);
  EXPECT_LT(whole, 500'000);
  EXPECT_EQ(instance->fault(), std::nullopt);
}

TEST(Cost, OfReadingAFolderOfPlugins) {
  TempDir dir;
  for (const auto* type : {"good", "own-transport", "own-body", "with-login", "logs", "keeps-notes", "note-origin",
                           "unknown-event", "create-fails", "runpath-origin"}) {
    dir.put_fixture(type);
  }

  const double scan = nanoseconds_each(20, [&] {
    const Registry registry(settings_for({dir.path()}, Trust::packaged), services());
    ASSERT_EQ(registry.files().front().state, FileState::usable);
  });

  std::printf("reading a folder of 10 plugins, trust packaged, nothing mapped: %.0f us\n", scan / 1000);
  EXPECT_LT(scan, 1e9);
}

}  // namespace
}  // namespace belay::plugins
