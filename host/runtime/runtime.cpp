#include "runtime/runtime.hpp"

#include <algorithm>

#include "call.hpp"
#include "engine.hpp"
#include "explain.hpp"
#include "runtime/version.hpp"

namespace belay::runtime {
namespace {

/// An observer that somebody else owns.
std::shared_ptr<Observer> borrowed(Observer& observer) { return {std::shared_ptr<void>(), &observer}; }

/// Hands the result to a thread that waits, after the caller's own observer has seen everything.
class Waiter final : public Observer {
 public:
  explicit Waiter(Observer* inner) : inner_(inner == nullptr ? &nothing_ : inner) {}

  // A call that is not made would leave its thread waiting: a thread that waits is no place to refuse one.
  void on_attempt(const fallback::Attempt& attempt) override { inner_->on_attempt(attempt); }
  void on_verdict(const fallback::Attempt& attempt) override { inner_->on_verdict(attempt); }
  void on_commit(const Committed& committed) override { inner_->on_commit(committed); }
  bool on_event(std::string_view data) override { return inner_->on_event(data); }
  void on_text(std::string_view text) override { inner_->on_text(text); }
  void on_done(const CallResult& result) override {
    inner_->on_done(result);
    promise_.set_value(result);
  }
  std::future<CallResult> future() { return promise_.get_future(); }

 private:
  Observer nothing_;
  Observer* inner_;
  std::promise<CallResult> promise_;
};

class LiveRuntime final : public Runtime {
 public:
  explicit LiveRuntime(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

  ~LiveRuntime() override {
    for (const auto& thread : engine_->loops->all()) thread->evict_all(engine_.get());
    engine_->store.reset();     // waits for refreshes, which need loops and workers
    engine_->workers.reset();   // waits for plugins with their own transport
    for (const auto& thread : engine_->loops->all()) thread->settle();   // what those have posted gives places of gates back
    engine_->planner.reset();
    engine_->pools.reset();
    engine_->loops.reset();
  }

  CallResult call(CallRequest request, Observer* observer) override {
    auto waiter = std::make_shared<Waiter>(observer);
    auto result = waiter->future();
    launch(std::move(request), waiter);
    return result.get();
  }

  std::shared_ptr<Call> async_call(CallRequest request, std::shared_ptr<Observer> observer) override { return launch(std::move(request), std::move(observer)); }

  std::future<CallResult> async_call(CallRequest request) override {
    auto waiter = std::make_shared<Waiter>(nullptr);
    auto result = waiter->future();
    launch(std::move(request), waiter);
    return result;
  }

  Result<Explanation> explain(const std::optional<std::string>& route, const std::optional<std::string>& target) override {
    auto plan = engine_->planner->plan(route, target, settings().route("default") != nullptr ? "default" : "auto");
    if (!plan) return plan.error();
    return runtime::explain(*engine_, *plan->chain);
  }

  Status status() override {
    Status out;
    const UnixMs now = engine_->clock.unix_ms();
    for (const auto& hold : engine_->holds->all()) {
      if (outlived(hold)) continue;
      const std::int64_t left = hold.until_secret ? -1 : std::max<std::int64_t>(hold.until - now, 0);
      out.holds.push_back({std::string(to_string(hold.key.scope)), hold.key.what, hold.reason, left, hold.message});
    }
    out.credentials = engine_->store->status();
    out.plugins = engine_->registry->types();
    return out;
  }

  Result<int> reset(const std::optional<std::string>& what) override {
    if (!what) {
      engine_->quarantine->release_all();
      return engine_->holds->lift([](const fallback::HoldKey&) { return true; });
    }
    const auto mark = what->find_first_of("/#");
    const std::string provider = what->substr(0, mark);
    const auto* settings = engine_->settings.provider(provider);
    if (settings == nullptr) return fail("no provider \"" + provider + "\" is configured");
    const std::string rest = mark == std::string::npos ? "" : what->substr(mark + 1);
    const bool model = mark != std::string::npos && (*what)[mark] == '/', credential = mark != std::string::npos && !model;
    if (credential) {
      if (auto known = has_credential(*settings, rest); !known) return known.error();
    }
    std::vector<std::string> identities;   // what is held for a secret is held for everyone who has it
    for (const auto& one : settings->pool.credentials) {
      if (credential && one.id != rest) continue;
      if (auto lookup = engine_->store->lookup(provider, one.id, credentials::Read::cached); !lookup.identity.empty()) identities.push_back(lookup.identity);
    }
    return engine_->holds->lift([&](const fallback::HoldKey& key) {
      const bool of_secret = std::any_of(identities.begin(), identities.end(), [&](const auto& identity) { return key.of_secret(identity, settings->pool.origin); });
      if (model) return (key.provider == provider || of_secret) && key.model == rest;
      if (credential) return of_secret || (key.provider == provider && key.credential == rest);
      const bool of_origin = key.scope == fallback::Scope::endpoint && key.what == settings->pool.origin;
      return key.provider == provider || of_secret || of_origin || key.key == fallback::plugin_key(settings->plugin).key;
    });
  }

  Result<credentials::RefreshResult> refresh(const std::string& provider, const std::string& id) override {
    const auto* settings = engine_->settings.provider(provider);
    if (settings == nullptr) return fail("no provider \"" + provider + "\" is configured");
    if (auto known = has_credential(*settings, id); !known) return known.error();
    std::promise<credentials::RefreshResult> promise;
    const auto lookup = engine_->store->lookup(provider, id, credentials::Read::fresh);
    engine_->store->refresh({.provider = provider, .id = id, .cause = credentials::Cause::operator_,
                             .failed_generation = lookup.snapshot ? lookup.snapshot->generation : 0, .failure = {},
                             .wait_until = engine_->clock.mono() + engine_->hook_limit(provider)},
                            [&promise](const credentials::RefreshResult& result) { promise.set_value(result); });
    return promise.get_future().get();
  }

  credentials::RefreshResult refresh_here(const credentials::RefreshRequest& request) override { return engine_->store->refresh_here(request); }

  std::vector<std::pair<std::string, std::string>> check_providers() override {
    std::vector<std::pair<std::string, std::string>> problems;
    for (const auto& provider : settings().providers) {
      if (auto served = engine_->instances->get(provider.name); !served) problems.emplace_back(provider.name, served.error().message);
    }
    return problems;
  }

  plugins::Registry& registry() override { return *engine_->registry; }
  [[nodiscard]] const Settings& settings() const override { return engine_->settings; }
  [[nodiscard]] std::shared_ptr<state::State> state() override { return engine_->state; }

 private:
  std::shared_ptr<Call> launch(CallRequest request, std::shared_ptr<Observer> observer) {
    if (observer == nullptr) {
      static Observer nobody;
      observer = borrowed(nobody);
    }
    auto task = std::make_shared<CallTask>(*engine_, engine_->loops->pick(), std::move(request), std::move(observer));
    task->launch();
    return task;
  }

  /// A hold of a secret or a plugin that was replaced, or of a login that was renewed meanwhile: it keeps nobody away any more.
  [[nodiscard]] bool outlived(const fallback::Hold& hold) const {
    const auto& key = hold.key;
    if (key.scope == fallback::Scope::plugin) {
      return std::any_of(settings().providers.begin(), settings().providers.end(), [&](const auto& provider) {
        return key.key == fallback::plugin_key(provider.plugin).key && hold.ended_by(engine_->registry->build_of(provider.plugin));
      });
    }
    if (key.scope != fallback::Scope::credential && key.scope != fallback::Scope::credential_model) return false;
    const auto* settings = engine_->settings.provider(key.provider);
    if (settings == nullptr || key.credential.empty()) return false;
    const auto lookup = engine_->store->lookup(key.provider, key.credential, credentials::Read::cached);
    if (!lookup.identity.empty() && !key.of_secret(lookup.identity, settings->pool.origin)) return true;
    return lookup.snapshot && hold.ended_by(lookup.snapshot->generation);
  }

  static Result<void> has_credential(const ProviderSettings& provider, const std::string& id) {
    std::string known;
    for (const auto& credential : provider.pool.credentials) {
      if (credential.id == id) return {};
      known += (known.empty() ? "" : ", ") + credential.id;
    }
    if (known.empty()) return fail("provider " + provider.name + " has no credentials: it is keyless");
    return fail("provider " + provider.name + " has no credential \"" + id + "\" (it has: " + known + ")");
  }

  std::unique_ptr<Engine> engine_;
};

}  // namespace

std::string_view version() { return BELAY_VERSION; }

Result<std::unique_ptr<Runtime>> Runtime::open(Settings settings, Options options) {
  auto engine = std::make_unique<Engine>();
  engine->settings = std::move(settings);
  engine->options = std::move(options);
  Engine* const self = engine.get();
  if (self->options.state) {
    self->state = self->options.state;
  } else {
    auto state = state::open(self->settings.state);
    if (!state) return state.error().within("state");
    self->state = std::move(*state);
  }
  self->notes = std::make_unique<Notes>(*self->state);
  self->quarantine = std::make_unique<StateQuarantine>(*self->state);
  plugins::RegistryOptions loading{.try_out = self->options.try_out, .trials = {}, .quarantine = self->quarantine.get(),
                                   .before = self->options.before != nullptr ? &self->options.before->registry() : nullptr, .hash_all = false};
  for (const auto& provider : self->settings.providers) loading.trials.push_back({provider.plugin, instance_config(provider)});
  self->registry = std::make_unique<plugins::Registry>(self->settings.loader, *self->notes, std::move(loading));
  self->instances = std::make_unique<Instances>(*self->registry, self->settings);
  self->holds = std::make_unique<fallback::HoldBook>(*self->state, self->clock, self->settings.holds);
  self->learned = std::make_unique<fallback::Learned>(*self->state);
  if (self->options.on) {
    self->loops = self->options.on;
  } else {
    auto loops = Loops::start(self->options.loops);
    if (!loops) return loops.error();
    self->loops = std::move(*loops);
  }
  self->workers = std::make_unique<Workers>();
  std::vector<credentials::PoolSettings> pools;
  for (const auto& provider : self->settings.providers) pools.push_back(provider.pool);
  credentials::Options how{.hook = [self](const credentials::HookInput& input) { return run_hook(*self, input); },
                           .hook_limit = [self](const std::string& provider) { return self->hook_limit(provider); },
                           .elsewhere = self->options.refresh_elsewhere};
  self->store = std::make_unique<credentials::Store>(*self->state, self->clock, self->random, *self->workers, std::move(pools), std::move(how));
  self->pools = std::make_unique<Pools>(self->settings, *self->store);
  self->planner = std::make_unique<Planner>(self->settings, *self->registry, *self->store);
  return std::unique_ptr<Runtime>(new LiveRuntime(std::move(engine)));
}

}  // namespace belay::runtime
