// LIFE-08, 10: how it ends.
#include <atomic>
#include <cstdlib>
#include <thread>

#include "checks/lifecycle.hpp"
#include "drive/bare.hpp"
#include "drive/forked.hpp"
#include "drive/material.hpp"
#include "drive/test_host.hpp"
#include "run/sanitized.hpp"

namespace belay::conform {

/// Catches: a process that does not leave with the status it gave, because of destructors, atexit() functions or shutdown().
void process_ends_tidily(Case& c) {
  Subject& plugin = c.plugin();
  const Materials all = material(c, plugin);
  // Not 0: a destructor that ends the process on its own would give that.
  const int status = 3 + static_cast<int>(c.random()() % 80);
  c.doing("everything once, then shutdown() and exit()");
  Forked process([&](Line& parent) {
    exercise(c, plugin, all);
    if (BELAY_HAS(plugin.module, belay_plugin, shutdown) && plugin.module->shutdown != nullptr) {
      parent.say("shutdown()");
      const TestHost::Inside inside(Where::control, "shutdown");
      plugin.module->shutdown();
    }
    parent.say("exit()");
    std::exit(status);
  });
  std::string last = "the exchanges";
  while (const auto said = process.line().hear(std::chrono::seconds(10))) last = *said;
  const std::string end = process.end(std::chrono::seconds(10));
  c.require(last == "exit()" && end == "exit status " + std::to_string(status), "shutdown() returns and the process exits with the status of its exit()", "during " + last + ": " + end);
}

namespace {

/// A sink that outlives its call, so that a late event is counted instead of a crash.
struct LateSink {
  std::atomic<bool> open{true};
  std::atomic<int> late{0};
  belay_field_sink raw{sizeof(belay_field_sink), 0, this, emit};
  static belay_status emit(void* host, belay_str, belay_str, std::uint32_t) {
    auto& self = *static_cast<LateSink*>(host);
    if (!self.open) ++self.late;
    return self.open ? BELAY_OK : BELAY_STOP;
  }
};

struct Noticed {
  std::size_t lines, requests, breaches, extensions;
  bool operator==(const Noticed&) const = default;
};
Noticed noticed(TestHost& host) {
  const std::lock_guard lock(host.guard);
  return {host.log.size(), host.requests.size(), host.breaches.size(), host.asked.size()};
}

}  // namespace

/// Catches: work of a refresh that goes on after the hook returned.
void nothing_comes_after_destroy(Case& c) {
  constexpr auto watched = std::chrono::milliseconds(300);
  const Subject& plugin = c.plugin();
  TestHost& host = the_host();
  const auto recorded = refreshes(plugin);
  const Cassette tape = recorded.empty() ? invented(plugin, false) : *recorded.front();
  const Lent lent(tape);
  static LateSink sink;   // for a thread of the plugin that may still run when the check is over
  host.network = [&host](const NetworkRequest&) {
    host.cancelled = true;
    return CassetteReply{};
  };
  if (tape.refresh) host.sources = tape.refresh->sources;
  const std::int64_t deadline = host.table()->mono_ns() + std::int64_t{5'000'000'000};
  {
    BareAccount account(c, plugin, lent);
    const TestHost::RefreshContext context(host, deadline);
    const LentRefresh in(tape, context.get(), deadline);
    belay_refresh_out out{sizeof out, BELAY_FAILED_TRANSIENT, 0, 0, 0, 0, -1};
    ErrorRoom error;
    c.doing("a refresh that is cancelled during its request");
    {
      const TestHost::Inside inside(Where::refresh, "refresh_credentials");
      plugin.api->refresh_credentials(account.get(), in.in(), &out, &sink.raw, &error.error);
    }
    sink.open = false;
    host.cancelled = true;
    c.doing("destroy() after a cancelled refresh");
    account.destroy();
  }
  const Noticed before = noticed(host);
  c.doing("waiting for late callbacks");
  std::this_thread::sleep_for(watched);   // nothing is to happen: there is no event to wait for
  const Noticed after = noticed(host);
  host.cancelled = false;
  host.network = nullptr;
  c.require(sink.late == 0, "no field is emitted once refresh_credentials() has returned", std::to_string(sink.late.load()) + " came late");
  c.require(before == after, "the host is not called once destroy() has returned",
            after.lines != before.lines         ? "a line was logged later"
            : after.requests != before.requests ? "a request was made later"
            : after.breaches != before.breaches ? "later: " + host.breaches.back()
                                                : "a service was asked for later");
}

}  // namespace belay::conform
