// THRD-01, 02, 03: many at once, and one that moves.
#include <algorithm>
#include <atomic>
#include <barrier>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/utf8.hpp"
#include "checks/threads.hpp"
#include "drive/first_difference.hpp"
#include "drive/material.hpp"
#include "drive/stepper.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t at_once = 16;

/// The material with what each came to alone; one account for each configuration.
struct Baseline {
  Baseline(const Case& c, const Subject& plugin) : all(material(c, plugin)) {
    for (const auto& one : all) {
      accounts.push_back(std::make_unique<BareAccount>(c, plugin, one->lent));
      alone.push_back(result_of(plugin, accounts.back()->get(), *one));
    }
  }
  Materials all;
  std::vector<std::unique_ptr<BareAccount>> accounts;
  std::vector<std::string> alone;
};

void require_same(const Case& c, const Baseline& base, std::size_t i, const std::string& got, const char* how) {
  if (got == base.alone[i]) return;
  const auto [expected, observed] = first_difference(base.alone[i], got);
  c.fail(base.all[i]->tape.name + " gives " + how + " what it gives alone: " + expected, observed);
}

/// Call by call in turns, on one thread.
void interleaved(Case& c, const Subject& plugin, const Baseline& base) {
  std::vector<std::unique_ptr<Stepper>> steppers;
  std::vector<std::size_t> which;
  for (std::size_t n = 0; n < at_once; ++n) {
    which.push_back(n % base.all.size());
    steppers.push_back(std::make_unique<Stepper>(plugin, base.accounts[which[n]]->get(), *base.all[which[n]], 11 + n));
  }
  std::vector<std::size_t> running(at_once);
  for (std::size_t n = 0; n < at_once; ++n) running[n] = n;
  while (!running.empty()) {
    const std::size_t pick = c.random()() % running.size();
    if (!steppers[running[pick]]->step()) running.erase(running.begin() + static_cast<std::ptrdiff_t>(pick));
  }
  for (std::size_t n = 0; n < at_once; ++n) require_same(c, base, which[n], steppers[n]->result(), "among others");
}

/// On threads of their own; the first difference is kept.
void in_parallel(Case& c, const Subject& plugin, const Baseline& base) {
  constexpr std::size_t rounds = 12;
  std::vector<std::string> wrong(at_once);
  std::vector<std::size_t> which(at_once, 0);
  std::atomic<bool> stop{false};
  std::barrier start(static_cast<std::ptrdiff_t>(at_once));
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < at_once; ++n) {
    threads.emplace_back([&, n] {
      start.arrive_and_wait();
      for (std::size_t round = 0; round < rounds * base.all.size() && !stop; ++round) {
        const std::size_t i = (round + n) % base.all.size();
        std::string got = result_of(plugin, base.accounts[i]->get(), *base.all[i], 5 + (n * 7 + round) % 90);
        if (got == base.alone[i]) continue;
        which[n] = i;
        wrong[n] = std::move(got);
        stop = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t n = 0; n < at_once; ++n) {
    if (!wrong[n].empty()) require_same(c, base, which[n], wrong[n], "on sixteen threads");
  }
}

}  // namespace

/// Catches: state of an exchange that others share.
void parallel_equals_serial(Case& c) {
  const Subject& plugin = c.plugin();
  const Baseline base(c, plugin);
  for (int round = 0; round < 20; ++round) {
    c.doing("sixteen exchanges interleaved, round " + std::to_string(round));
    interleaved(c, plugin, base);
  }
  c.doing("sixteen threads");
  in_parallel(c, plugin, base);
}

namespace {

/// Threads that take turns: each job is done by the next one, while the caller waits.
class Carousel {
 public:
  void run(const std::function<void()>& job) {
    // A thread that has ended can't be come back to, so that what was kept for it is lost; a living one has kept the wrong thing. Both kinds take turns.
    if (++turn_ % 2 == 0) return std::thread(job).join();
    std::barrier<>& gate = gates_[turn_ / 2 % count];
    jobs_[turn_ / 2 % count] = &job;
    gate.arrive_and_wait();
    gate.arrive_and_wait();
  }
  Carousel() {
    for (std::size_t i = 0; i < count; ++i) {
      threads_.emplace_back([this, i] {
        for (;;) {
          gates_[i].arrive_and_wait();
          if (jobs_[i] == nullptr) return;
          (*jobs_[i])();
          gates_[i].arrive_and_wait();
        }
      });
    }
  }
  ~Carousel() {
    for (std::size_t i = 0; i < count; ++i) {
      jobs_[i] = nullptr;
      gates_[i].arrive_and_wait();
      threads_[i].join();
    }
  }
  Carousel(const Carousel&) = delete;
  Carousel& operator=(const Carousel&) = delete;

 private:
  static constexpr std::size_t count = 3;
  std::barrier<> gates_[count] = {std::barrier<>(2), std::barrier<>(2), std::barrier<>(2)};
  const std::function<void()>* jobs_[count] = {};
  std::vector<std::thread> threads_;
  std::size_t turn_ = 0;
};

}  // namespace

/// Catches: a place kept by thread.
void exchanges_move_between_threads(Case& c) {
  const Subject& plugin = c.plugin();
  const Baseline base(c, plugin);
  Carousel carousel;
  for (std::size_t i = 0; i < base.all.size(); ++i) {
    const Material& one = *base.all[i];
    const std::size_t piece = std::max<std::size_t>(1, one.reply().body.size() / 60);
    belay_instance* instance = nullptr;
    carousel.run([&] {
      const TestHost::Inside inside(Where::control, "create");
      plugin.api->create(one.lent.config(), &instance, nullptr);
    });
    c.require(instance != nullptr, "create() works on any thread", "it refused on a thread where it had not been before");
    Stepper stepper(plugin, instance, one, piece);
    while (!stepper.over()) {
      c.doing("" + one.tape.name + ", " + stepper.next() + "() on another thread");
      carousel.run([&] { stepper.step(); });
    }
    carousel.run([&] {
      const TestHost::Inside inside(Where::control, "destroy");
      plugin.api->destroy(instance);
    });
    require_same(c, base, i, stepper.result(), "from thread to thread");
  }
}

namespace {

std::string classified(const Subject& plugin, belay_instance* instance, const LentFailure& failure) {
  ClassificationRoom room;
  belay_status status = BELAY_OK;
  {
    const TestHost::Inside inside(Where::any, "classify_error");
    status = plugin.api->classify_error(instance, failure.get(), &room.out);
  }
  return room.text(status);
}

}  // namespace

/// Catches: an answer that depends on the one before.
void classify_is_concurrent(Case& c) {
  constexpr std::size_t threads_count = 8, rounds = 40;
  const Subject& plugin = c.plugin();
  const Materials all = material(c, plugin);
  const BareAccount account(c, plugin, all.front()->lent);
  std::vector<std::unique_ptr<LentFailure>> asked;
  std::vector<std::string> first;
  for (const CassetteReply& reply : failures(plugin)) {
    asked.push_back(std::make_unique<LentFailure>(reply));
    first.push_back(classified(plugin, account.get(), *asked.back()));
  }
  const auto where = [&](std::size_t i) { return "the reply " + std::to_string(asked[i]->get()->status); };
  for (std::size_t i = asked.size(); i-- > 0;) {
    const std::string again = classified(plugin, account.get(), *asked[i]);
    c.require(again == first[i], "classify_error() is pure: " + where(i) + " is " + first[i], "asked again " + again);
  }
  std::atomic<std::size_t> wrong{SIZE_MAX};
  std::vector<std::string> other(threads_count);
  std::barrier start(static_cast<std::ptrdiff_t>(threads_count));
  std::vector<std::thread> threads;
  c.doing("classify_error() from eight threads");
  for (std::size_t n = 0; n < threads_count; ++n) {
    threads.emplace_back([&, n] {
      start.arrive_and_wait();
      for (std::size_t turn = 0; turn < rounds * asked.size() && wrong == SIZE_MAX; ++turn) {
        const std::size_t i = (turn + n * 5) % asked.size();
        std::string got = classified(plugin, account.get(), *asked[i]);
        std::size_t none = SIZE_MAX;
        if (got != first[i] && wrong.compare_exchange_strong(none, i)) other[n] = std::move(got);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (wrong == SIZE_MAX) return;
  const auto found = std::find_if(other.begin(), other.end(), [](const std::string& text) { return !text.empty(); });
  c.fail(where(wrong) + " from eight threads is " + first[wrong], *found);
}

}  // namespace belay::conform
