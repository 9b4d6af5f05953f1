// FUZZ-05: a model of the interface, and random walks through it.
#include <memory>
#include <vector>

#include "base/utf8.hpp"
#include "checks/fuzz.hpp"
#include "checks/fuzz_judge.hpp"
#include "drive/first_difference.hpp"
#include "drive/material.hpp"
#include "drive/noise.hpp"
#include "drive/play.hpp"
#include "drive/stepper.hpp"
#include "drive/test_host.hpp"
#include "run/child.hpp"
#include "run/sanitized.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t most_instances = 4, most_exchanges = 8;

/// An instance with the exchanges that are under way on it. What is legal: begin while it lives, the next call of an exchange or its end, destroy when all have
/// ended.
struct LiveInstance {
  LiveInstance(const Case& c, const Subject& plugin, std::size_t material, const Material& one) : of(material), account(c, plugin, one.lent) {}
  std::size_t of;   ///< which material
  BareAccount account;
  std::vector<std::unique_ptr<Stepper>> exchanges;
};

class Walk {
 public:
  Walk(Case& c, Subject& plugin) : c_(c), plugin_(plugin), noise_(c.random()), all_(material(c, plugin)) {
    for (const auto& one : all_) {
      const BareAccount account(c, plugin, one->lent);
      alone_.push_back(result_of(plugin, account.get(), *one));
    }
    for (const CassetteReply& reply : failures(plugin)) asked_.push_back(std::make_unique<LentFailure>(reply));
  }

  /// One legal call of the seed's choosing.
  void call() {
    const std::size_t kind = noise_.below(100);
    if (live_.empty() || (kind < 2 && live_.size() < most_instances)) return create();
    const std::size_t which = noise_.below(live_.size());
    LiveInstance& instance = *live_[which];
    if (kind < 4) return destroy(which);
    if (kind < 7) return classify(instance);
    if (kind < 8) return refresh_one();
    if (kind < 20 || instance.exchanges.empty()) return begin(instance);
    step(instance, kind < 22);
  }

 private:
  void doing(const std::string& what) { c_.doing("call " + std::to_string(++calls_) + " of seed " + std::to_string(c_.setup.seed) + ", " + what); }

  void create() {
    const std::size_t which = noise_.below(all_.size());
    doing("create() for " + all_[which]->tape.name);
    live_.push_back(std::make_unique<LiveInstance>(c_, plugin_, which, *all_[which]));
  }
  /// Exchanges that are under way are ended first, in whatever state they are.
  void destroy(std::size_t which) {
    doing("destroy()");
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(which));
  }
  void begin(LiveInstance& instance) {
    if (instance.exchanges.size() == most_exchanges) return step(instance, false);
    instance.exchanges.push_back(std::make_unique<Stepper>(plugin_, instance.account.get(), *all_[instance.of], 1 + noise_.below(500)));
    step(*instance.exchanges.back(), instance);
  }
  void step(LiveInstance& instance, bool give_up) {
    const std::size_t which = noise_.below(instance.exchanges.size());
    if (!give_up) return step(*instance.exchanges[which], instance);
    doing("end() of " + all_[instance.of]->tape.name + " before " + instance.exchanges[which]->next() + "()");
    instance.exchanges.erase(instance.exchanges.begin() + static_cast<std::ptrdiff_t>(which));
  }
  void step(Stepper& exchange, LiveInstance& instance) {
    doing(std::string(exchange.next()) + "() of " + all_[instance.of]->tape.name);
    if (exchange.step()) return;
    if (exchange.result() != alone_[instance.of]) {
      const auto [expected, observed] = first_difference(alone_[instance.of], exchange.result());
      c_.fail(all_[instance.of]->tape.name + " comes to what it comes to alone: " + expected, "call " + std::to_string(calls_) + ": " + observed);
    }
    std::erase_if(instance.exchanges, [&](const auto& one) { return one.get() == &exchange; });
  }
  void classify(LiveInstance& instance) {
    const LentFailure& failure = *asked_[noise_.below(asked_.size())];
    doing("classify_error(" + std::to_string(failure.get()->status) + ")");
    ClassificationRoom room;
    const TestHost::Inside inside(Where::any, "classify_error");
    plugin_.api->classify_error(instance.account.get(), failure.get(), &room.out);
  }
  /// The instance of a refresh has a configuration of its own.
  void refresh_one() {
    const auto recorded = refreshes(plugin_);
    if (recorded.empty()) return;
    const Cassette& tape = *recorded[noise_.below(recorded.size())];
    doing("the refresh " + tape.name);
    const Account owner(c_, plugin_, tape);
    refresh(plugin_, owner.get(), tape);
  }

  Case& c_;
  Subject& plugin_;
  Noise noise_;
  Materials all_;
  std::vector<std::string> alone_;
  std::vector<std::unique_ptr<LentFailure>> asked_;
  std::vector<std::unique_ptr<LiveInstance>> live_;
  std::size_t calls_ = 0;
};

}  // namespace

/// Catches: an order of calls that the plugin did not expect.
void random_call_sequences(Case& c) {
  const int calls = sanitized() ? 6000 : 20'000;
  Walk walk(c, c.plugin());
  for (int i = 0; i < calls; ++i) walk.call();
}

}  // namespace belay::conform
