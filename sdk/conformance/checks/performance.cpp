// PERF: what it costs, always as ratios within one run, in processor time of one thread, the least of several tries: so that neither the machine nor its load
// decides.
#include <malloc.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "base/json.hpp"
#include "checks/checks.hpp"
#include "checks/performance_bodies.hpp"
#include "drive/allocations.hpp"
#include "drive/cpu_time.hpp"
#include "drive/material.hpp"
#include "drive/stepper.hpp"
#include "drive/test_host.hpp"
#include "run/sanitized.hpp"

namespace belay::conform {
namespace {

using std::chrono::nanoseconds;

/// From here on this process keeps the memory that it has got. Otherwise the kernel's work for fresh pages, which begins at some size of a block, is what is
/// measured.
void keep_heap() {
  constexpr int largest_block = 32 << 20;   // the most that glibc takes
  ::mallopt(M_MMAP_THRESHOLD, largest_block);
  ::mallopt(M_TRIM_THRESHOLD, 512 << 20);
}

/// The least of `tries`.
nanoseconds least(int tries, const std::function<void()>& work) {
  nanoseconds best = nanoseconds::max();
  for (int i = 0; i < tries; ++i) {
    const CpuClock clock;
    work();
    best = std::min(best, clock.so_far());
  }
  return best;
}

std::string text(double ratio) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.2f", ratio);
  return buffer;
}
double over(nanoseconds a, nanoseconds b) { return static_cast<double>(a.count()) / static_cast<double>(std::max<std::int64_t>(1, b.count())); }

void play_once(const Subject& plugin, belay_instance* instance, const Material& one, std::size_t piece) {
  EventTape tape(one.tape, EventTape::Keep::numbers);
  play_bare(plugin, instance, one.lent, one.reply(), tape, {.piece = piece});
}

void require_http(Case& c) {
  if (c.plugin().own_transport()) c.not_applicable("with a transport of its own it parses no reply");
}

/// What the reference does with the same bytes: lines and fields of the stream, each event's JSON parsed and checked by the host's own parser.
std::size_t read_by_reference(std::string_view body, bool stream) {
  if (!stream) return json::parse(body).ok() ? 1 : 0;
  std::size_t events = 0;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    const std::string_view line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (line.substr(0, 5) == "data:" && json::parse(line.substr(5)).ok()) ++events;
  }
  return events;
}

/// Catches: work per byte that is out of all proportion.
void throughput(Case& c) {
  constexpr double most = 20;
  require_http(c);
  keep_heap();
  const Subject& plugin = c.plugin();
  double worst = 0;
  for (const auto& one : large_replies(c, plugin, std::size_t{1} << 20)) {
    c.doing("" + one->tape.name + " at " + std::to_string(one->reply().body.size()) + " bytes");
    const BareAccount account(c, plugin, one->lent);
    const std::string& body = one->tape.reply->body;
    const nanoseconds own = least(5, [&] { play_once(plugin, account.get(), *one, PieceWindow::most); });
    const nanoseconds reference = least(5, [&] { read_by_reference(body, one->tape.stream); });
    c.measured(one->tape.name + ", ratio to the reference", text(over(own, reference)));
    worst = std::max(worst, over(own, reference));
  }
  c.require(worst <= most, "a reply costs at most 20 times what the tool's own parser takes for the same bytes", text(worst) + " times");
}

/// Catches: a call that takes long by itself.
void worst_call(Case& c) {
  constexpr nanoseconds most = std::chrono::milliseconds(sanitized() ? 50 : 5);
  constexpr int tries = 5;
  require_http(c);
  const Subject& plugin = c.plugin();
  nanoseconds worst{0};
  std::string which = "none";
  for (const auto& one : material(c, plugin)) {
    c.doing("each call of " + one->tape.name);
    const BareAccount account(c, plugin, one->lent);
    std::vector<nanoseconds> calls;
    std::vector<std::string> names;
    for (int i = 0; i < tries; ++i) {
      Stepper stepper(plugin, account.get(), *one, PieceWindow::most);
      for (std::size_t n = 0; !stepper.over(); ++n) {
        if (i == 0) names.emplace_back(stepper.next());
        const CpuClock clock;
        stepper.step();
        const nanoseconds took = clock.so_far();
        if (n == calls.size()) calls.push_back(took);
        calls[n] = std::min(calls[n], took);
      }
    }
    const auto slowest = std::max_element(calls.begin(), calls.end());
    if (slowest == calls.end() || *slowest <= worst) continue;
    worst = *slowest;
    which = names[static_cast<std::size_t>(slowest - calls.begin())] + "() of " + one->tape.name;
  }
  const std::string took = std::to_string(worst.count() / 1000) + " us in " + which;
  c.measured("slowest [exchange] call", took);
  c.require(worst <= most, "an [exchange] call takes less than 5 ms of processor time", took);
}

/// How much more four times as much costs: 4 is linear, 16 quadratic.
double growth(const Case& c, const Subject& plugin, const GrowingBody& body, std::size_t size, std::size_t piece) {
  constexpr nanoseconds floor = std::chrono::microseconds(200);   // below that it is noise
  const Material small(body.make(size)), large(body.make(4 * size));
  const BareAccount account(c, plugin, small.lent);
  double best = 1e9;
  for (int i = 0; i < 4 && best > 6; ++i) {
    const nanoseconds a = std::max(floor, least(3, [&] { play_once(plugin, account.get(), small, piece); }));
    const nanoseconds b = least(2, [&] { play_once(plugin, account.get(), large, piece); });
    best = std::min(best, over(b, a));
  }
  return best;
}

/// Catches: buffers that are searched from their beginning, or moved, with every piece.
void linear_cost(Case& c) {
  constexpr double most_growth = 9, most_for_bytes = 50;
  require_http(c);
  keep_heap();
  const Subject& plugin = c.plugin();
  for (const GrowingBody& body : growing_bodies(c, plugin)) {
    c.doing("" + body.words + ", once and four times as much");
    const double grew = growth(c, plugin, body, std::size_t{512} << 10, 256);
    c.measured("four times as much: " + body.words, text(grew) + " times the cost");
    c.require(grew <= most_growth, "four times as many bytes cost about four times as much", text(grew) + " times, for " + body.words);

    c.doing("" + body.words + ", in one piece and byte by byte");
    const Material one(body.make(std::size_t{48} << 10));
    const BareAccount account(c, plugin, one.lent);
    const nanoseconds whole = least(5, [&] { play_once(plugin, account.get(), one, PieceWindow::most); });
    const nanoseconds bytewise = least(3, [&] { play_once(plugin, account.get(), one, 1); });
    // A call costs what a call costs: what the tool itself needs for one is given for each byte.
    const nanoseconds calls = std::chrono::nanoseconds(100) * static_cast<std::int64_t>(one.tape.reply->body.size()) * (sanitized() ? 10 : 1);
    c.measured("byte by byte: " + body.words, text(over(bytewise, whole)) + " times the cost");
    c.require(bytewise <= whole * static_cast<int>(most_for_bytes) + calls, "byte by byte costs at most 50 times what large pieces cost",
              text(over(bytewise, whole)) + " times, for " + body.words);
  }
}

/// Catches: copies upon copies of a reply.
void peak_memory(Case& c) {
  require_http(c);
  if (!allocations_seen()) c.not_applicable("allocations are a sanitizer's or valgrind's here");
  const Subject& plugin = c.plugin();
  for (const auto& one : large_replies(c, plugin, std::size_t{3} << 20)) {
    c.doing("" + one->tape.name + " at " + std::to_string(one->reply().body.size()) + " bytes");
    const BareAccount account(c, plugin, one->lent);
    AllocationCount used;
    {
      const CountAllocations counting;
      play_once(plugin, account.get(), *one, PieceWindow::most);
      used = counting.so_far();
    }
    const auto size = static_cast<std::int64_t>(one->tape.reply->body.size());
    c.measured(one->tape.name + ", peak over its body", text(static_cast<double>(used.peak_bytes) / static_cast<double>(size)));
    c.require(used.peak_bytes <= 2 * size + (1 << 20), "memory of an exchange stays within twice the body and 1 MiB",
              std::to_string(used.peak_bytes >> 10) + " KiB for " + std::to_string(size >> 10) + " KiB of " + one->tape.name);
  }
}

constexpr Check checks[] = {
    {.id = "PERF-01",
     .group = Group::performance,
     .severity = Severity::should,
     .title = "a reply costs no more than twenty times what a plain parser takes",
     .rules = "[exchange]",
     .explain =
         "Recorded replies are blown up to a megabyte (a stream by repeating one of its events, a body by its text) and given in pieces of 16 KiB; the processor time "
         "is compared with that of the tool's own reading of the same bytes, lines, fields and checked JSON, in the same run. Plugins of a raw wire come out below 1. "
         "A failing plugin does work for each byte that belongs to each event, or copies what it has with each piece.",
     .run = throughput,
     .limit = std::chrono::seconds(60)},
    {.id = "PERF-02",
     .group = Group::performance,
     .severity = Severity::should,
     .title = "no [exchange] call takes 5 ms",
     .rules = "[exchange] version.h",
     .explain =
         "Each call of each recorded exchange is timed five times; the least of each, and the largest of these, counts. A host runs many exchanges on one "
         "thread, and a call that takes long holds up all of them. (The interface asks for 1 ms; 5 allows for slow machines.) A failing plugin makes up a key, "
         "a regular expression or a table anew each time, or waits.",
     .run = worst_call},
    {.id = "PERF-03",
     .group = Group::performance,
     .severity = Severity::must,
     .title = "cost grows with the bytes, not with their square, however they are cut",
     .rules = "[exchange] provider.h",
     .explain =
         "Streams of many events, one long event, and unstreamed bodies, in small pieces, once and four times as long: linear cost grows fourfold, quadratic sixteenfold; "
         "nine is the limit, and the best of several tries counts. And byte by byte may cost fifty times what pieces of 16 KiB cost, beside the calls themselves. "
         "Upstreams send small pieces, and who controls one could stop a host. A failing plugin searches its buffer from the beginning with each piece, or removes "
         "lines from its front by moving the rest.",
     .run = linear_cost,
     .limit = std::chrono::seconds(90)},
    {.id = "PERF-04",
     .group = Group::performance,
     .severity = Severity::should,
     .title = "an exchange needs at most twice its body and 1 MiB of memory",
     .rules = "[exchange]",
     .explain =
         "What the plugin has allocated at most during an exchange of 3 MiB, streamed or not, counted by the tool's malloc(). A stream should need next to "
         "nothing, a body itself and room to grow. A failing plugin keeps all events to build the reply from, or holds text, parsed tree and result at once. Not "
         "counted under a sanitizer or valgrind.",
     .run = peak_memory},
};

}  // namespace

std::span<const Check> performance_checks() { return checks; }

}  // namespace belay::conform
