// MEM-01, 02, 06: the heap.
#include <functional>
#include <memory>
#include <vector>

#include "base/utf8.hpp"
#include "checks/memory.hpp"
#include "drive/allocations.hpp"
#include "drive/first_difference.hpp"
#include "drive/material.hpp"
#include "drive/play.hpp"
#include "drive/stepper.hpp"
#include "drive/test_host.hpp"
#include "run/sanitized.hpp"

// Of LeakSanitizer, where the tool is built with it.
extern "C" __attribute__((weak)) int __lsan_do_recoverable_leak_check();

namespace belay::conform {
namespace {

void classify_all(const Subject& plugin, belay_instance* instance, const std::vector<std::unique_ptr<LentFailure>>& asked) {
  for (const auto& failure : asked) {
    ClassificationRoom room;
    const TestHost::Inside inside(Where::any, "classify_error");
    plugin.api->classify_error(instance, failure->get(), &room.out);
  }
}

std::vector<std::unique_ptr<LentFailure>> lent_failures(const Subject& plugin) {
  std::vector<std::unique_ptr<LentFailure>> lent;
  for (const CassetteReply& reply : failures(plugin)) lent.push_back(std::make_unique<LentFailure>(reply));
  return lent;
}

/// Ways out that are no ends: each exchange given up after each of its calls, and one whose sink says STOP at once.
void give_up_everywhere(const Subject& plugin, belay_instance* instance, const Material& one) {
  const std::size_t piece = one.reply().body.size() / 3 + 1;
  for (std::size_t calls = 1;; ++calls) {
    Stepper stepper(plugin, instance, one, piece);
    std::size_t made = 0;
    while (made < calls && stepper.step()) ++made;
    if (stepper.over()) break;
  }
  EventTape tape(one.tape, EventTape::Keep::numbers);
  tape.stop_at = 0;
  play_bare(plugin, instance, one.lent, one.reply(), tape);
}

void refuse(const Subject& plugin, belay_instance* instance, const Material& one) {
  Cassette unknown = one.tape;
  unknown.operation = "conformance.unknown";
  const Lent lent(unknown);
  BareExchange(plugin, instance, lent);
  const Lent bad(one.tape, {.base_url = ""});
  belay_instance* out = nullptr;
  ErrorRoom error;
  const TestHost::Inside inside(Where::control, "create");
  if (plugin.api->create(bad.config(), &out, &error.error) >= 0 && out != nullptr) plugin.api->destroy(out);
}

void everything(const Case& c, Subject& plugin, const Materials& all) {
  exercise(c, plugin, all);
  for (const auto& one : all) {
    const BareAccount account(c, plugin, one->lent);
    give_up_everywhere(plugin, account.get(), *one);
    refuse(plugin, account.get(), *one);
  }
}

}  // namespace

/// Catches: a block that no one frees any more.
void nothing_leaks(Case& c) {
  constexpr int warm_up = 2, rounds = 3;
  Subject& plugin = c.plugin();
  const Materials all = material(c, plugin);
  for (int i = 0; i < warm_up; ++i) everything(c, plugin, all);
  if (__lsan_do_recoverable_leak_check != nullptr) {
    c.doing("LeakSanitizer looks for leaks");
    return c.require(__lsan_do_recoverable_leak_check() == 0, "no leaks", "LeakSanitizer found some: its report is on stderr");
  }
  const CountAllocations counting;
  for (int i = 0; i < rounds; ++i) {
    c.doing("round " + std::to_string(i));
    everything(c, plugin, all);
  }
  if (!allocations_seen()) return c.measured("allocations", "not counted in this build");
  const AllocationCount left = counting.so_far();
  c.measured("blocks left after " + std::to_string(rounds) + " rounds", std::to_string(left.blocks));
  c.require(left.blocks < rounds, "what is allocated in a round of everything is freed in it",
            std::to_string(left.blocks) + " blocks of " + std::to_string(left.bytes) + " bytes are left after " + std::to_string(rounds) + " rounds");
}

/// Catches: what grows in an instance with every exchange or classification.
void heap_stays_flat(Case& c) {
  const int warm_up = sanitized() ? 100 : 1000, exchanges = sanitized() ? 1000 : 10'000;
  const Subject& plugin = c.plugin();
  const Materials all = whole_replies(c, plugin);
  const Material& one = *all.front();
  const auto asked = lent_failures(plugin);
  const BareAccount account(c, plugin, one.lent);
  const auto round = [&](int i) {
    EventTape tape(one.tape, EventTape::Keep::numbers);
    play_bare(plugin, account.get(), one.lent, one.reply(), tape);
    if (i % static_cast<int>(asked.size()) == 0) classify_all(plugin, account.get(), asked);
    if (i % 500 == 0) c.doing("exchange " + std::to_string(i) + " of " + one.tape.name);
  };
  for (int i = 0; i < warm_up; ++i) round(i);
  const CountAllocations counting;
  for (int i = warm_up; i < exchanges; ++i) round(i);
  if (!allocations_seen()) return c.measured("allocations", "not counted in this build");
  const AllocationCount left = counting.so_far();
  const int measured = exchanges - warm_up;
  c.measured("blocks more after " + std::to_string(measured) + " exchanges", std::to_string(left.blocks));
  c.require(left.blocks < measured / 4 && left.bytes < measured * 8, "what an exchange allocates is free when it has ended",
            std::to_string(left.blocks) + " blocks and " + std::to_string(left.bytes) + " bytes more after " + std::to_string(measured) + " exchanges");
}

namespace {

/// Does `stage` again and again while one allocation fails, until none is left to fail.
void fail_each(Case& c, const std::string& name, const std::function<void()>& stage) {
  constexpr std::uint64_t all_of = 100, samples = 60, most = 100'000;
  const auto once = [&](std::uint64_t n) {
    c.doing("" + name + ", allocation " + std::to_string(n) + " fails");
    bool happened = false;
    try {
      const FailAllocation failing(n);
      stage();
      happened = failing.happened();
    } catch (const std::bad_alloc&) {
      c.fail("a failed allocation is a status", name + ": std::bad_alloc came out when allocation " + std::to_string(n) + " failed");
    }
    return happened;
  };
  std::uint64_t n = 0;
  while (n < all_of && once(n)) ++n;
  if (n < all_of) return c.measured(name, std::to_string(n) + " allocations");
  std::uint64_t count = 0;
  {
    const CountAllocations counting;
    stage();
    count = std::min(counting.so_far().calls, most);
  }
  c.measured(name, std::to_string(count) + " allocations");
  for (std::uint64_t i = 0; i < samples && count > all_of; ++i) once(all_of + c.random()() % (count - all_of));
}

void fail_create(Case& c, const Subject& plugin, const Material& one) {
  fail_each(c, "create()", [&] {
    belay_instance* instance = nullptr;
    ErrorRoom error;
    belay_status status = BELAY_OK;
    {
      const TestHost::Inside inside(Where::control, "create");
      status = plugin.api->create(one.lent.config(), &instance, &error.error);
    }
    c.require(status >= 0 ? instance != nullptr : instance == nullptr, "create() sets *out when it answers OK and only then",
              "status " + std::to_string(status) + " with " + (instance != nullptr ? "an" : "no") + " instance, when an allocation failed");
    if (instance == nullptr) return;
    const TestHost::Inside inside(Where::control, "destroy");
    plugin.api->destroy(instance);
  });
}

void fail_exchange(Case& c, const Subject& plugin, const Material& one) {
  const BareAccount account(c, plugin, one.lent);
  const std::string whole = result_of(plugin, account.get(), one);
  const auto require_whole = [&](const std::string& got, const char* expected) {
    if (got == whole) return;
    const auto [before, after] = first_difference(whole, got);
    c.fail(std::string(expected) + ": " + before, one.tape.name + ": " + after);
  };
  fail_each(c, "exchange " + one.tape.name, [&] {
    Stepper stepper(plugin, account.get(), one, 4096);
    stepper.to_the_end();
    const std::string got = stepper.result();
    const bool owns_up = got.find(" -") != std::string::npos || got.find("ERROR ") != std::string::npos || got.find("begin ") != std::string::npos;
    if (!owns_up) require_whole(got, "an exchange in which an allocation failed says so, or gives the same");
  });
  require_whole(result_of(plugin, account.get(), one), "after failed allocations the instance works as before");
}

}  // namespace

/// Catches: a result of malloc() used unseen, and an exception let out.
void failed_allocations_are_survived(Case& c) {
  Subject& plugin = c.plugin();
  if (!allocations_seen()) c.not_applicable("allocations are a sanitizer's or valgrind's here");
  const Materials all = material(c, plugin);
  fail_create(c, plugin, *all.front());
  for (std::size_t i = 0; i < all.size() && i < 8; ++i) fail_exchange(c, plugin, *all[i]);
  const auto asked = lent_failures(plugin);
  const BareAccount account(c, plugin, all.front()->lent);
  for (std::size_t i = 0; i < asked.size(); i += 5) {
    fail_each(c, "classify_error(" + std::to_string(asked[i]->get()->status) + ")", [&] {
      ClassificationRoom room;
      const TestHost::Inside inside(Where::any, "classify_error");
      plugin.api->classify_error(account.get(), asked[i]->get(), &room.out);
    });
  }
  for (const Cassette* tape : refreshes(plugin)) {
    const Account owner(c, plugin, *tape);
    fail_each(c, "refresh " + tape->name, [&] { refresh(plugin, owner.get(), *tape); });
  }
}

}  // namespace belay::conform
