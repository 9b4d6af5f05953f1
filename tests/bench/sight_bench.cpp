// What being seen costs the loop: SightWorker::ended() for one call with one attempt, alone, with the access log, with
// spans, and a whole request with its live attempts. What the recorder's own thread does is not in these figures; its
// CPU is shown beside them.
#include <sys/resource.h>

#include <cstdio>

#include "bench.hpp"
#include "rig.hpp"
#include "samples.hpp"

namespace {

using namespace belay;
using namespace belay::gateway;

constexpr int calls = 2000;  // fewer than the queue has room for

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Nanoseconds a call on the loop, and of CPU of the whole process with what follows on other threads.
void measure(const char* name, SightSettings how, const std::function<void(SightWorker&)>& once) {
  gateway::test::Rig rig(gateway::test::two_providers(), std::move(how), 1);
  std::array<double, 7> loop{}, all{};
  for (std::size_t round = 0; round < loop.size(); ++round) {
    const double cpu = cpu_seconds();
    rig.on_loop(0, [&](SightWorker& worker) {
      const auto begin = std::chrono::steady_clock::now();
      for (int i = 0; i < calls; ++i) once(worker);
      loop[round] = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / calls;
    });
    rig.sight->flush(Millis(10'000));
    all[round] = (cpu_seconds() - cpu) * 1e9 / calls;
  }
  std::nth_element(loop.begin(), loop.begin() + 3, loop.end());
  std::nth_element(all.begin(), all.begin() + 3, all.end());
  std::printf("%-44s %8.0f ns on the loop  %8.0f ns of CPU in all\n", name, loop[3], all[3]);
}

}  // namespace

int main() {
  bench::print_setup("sight: what one call costs");
  std::printf("here: rounds of %d calls\n\n", calls);
  gateway::test::Sample sample;
  auto& attempts = sample.result.trace.attempts;
  attempts.erase(attempts.begin());
  attempts.front().adjusted.clear();
  sample.result.trace.skipped.clear();
  const auto ended = [&](SightWorker& worker) { worker.ended(sample.record); };
  SightSettings off, log, spans;
  log.access_log = "/dev/null";
  spans.otlp_endpoint = "http://127.0.0.1:9";  // nobody: what is made of them is measured, not the collector
  measure("metrics and trace", off, ended);
  measure("... and a line of the access log", log, ended);
  measure("... and two spans", spans, ended);
  measure("a request with a live attempt", off, [&](SightWorker& worker) {
    const auto live = worker.began({.id = sample.id,
                                    .asked = "r",
                                    .wire = "openai.chat/1",
                                    .key = "ci",
                                    .peer = "127.0.0.1:50112",
                                    .began = sample.record.began});
    live->attempt(attempts.front());
    live->verdict(attempts.front());
    RequestRecord record = sample.record;
    record.live = live.get();
    worker.ended(record);
  });
}
