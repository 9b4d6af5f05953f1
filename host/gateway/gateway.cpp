#include "gateway/gateway.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "base/log.hpp"
#include "base/workers.hpp"
#include "generation.hpp"
#include "worker.hpp"

namespace belay::gateway {
namespace {

constexpr Millis share_every{2000};   // what budgets learn of other processes

FrontSettings front_settings(const runtime::GatewaySettings& gateway) {
  FrontSettings out;
  out.max_body_bytes = static_cast<std::size_t>(gateway.max_body_bytes);
  out.max_connections = static_cast<std::size_t>(gateway.max_connections);
  out.idle_timeout = gateway.idle_timeout;
  out.hosts = gateway.hosts;
  out.origins = gateway.origins;
  return out;
}

/// Runs `job` on the loop and waits for it. [not that loop's thread]
template <typename Job>
auto on_loop(Loop& loop, Job job) -> decltype(job()) {
  std::promise<decltype(job())> done;
  loop.post([&] {
    if constexpr (std::is_void_v<decltype(job())>) {
      job();
      done.set_value();
    } else {
      done.set_value(job());
    }
  });
  return done.get_future().get();
}

/// A runtime that is let go of on a loop thread must not end there: it waits for that very thread.
std::shared_ptr<runtime::Runtime> ending_elsewhere(std::unique_ptr<runtime::Runtime> runtime, const std::shared_ptr<Workers>& where) {
  return {runtime.release(), [where](runtime::Runtime* gone) { where->run([gone] { delete gone; }); }};
}

bool open_beyond_this_machine(const std::vector<Listener>& listeners) {
  return std::any_of(listeners.begin(), listeners.end(), [](const Listener& one) { return !one.local; });
}

/// What the reload means for each provider type.
void tell_of_plugins(const std::vector<plugins::TypeStatus>& before, const std::vector<plugins::TypeStatus>& now) {
  using plugins::TypeState;
  const auto build = [](const plugins::TypeStatus& of) { return of.id + " " + of.version + " (" + of.sha256.substr(0, 12) + ")"; };
  for (const auto& type : now) {
    const auto old = std::find_if(before.begin(), before.end(), [&](const auto& one) { return one.type == type.type; });
    if (type.state == TypeState::kept) log(LogLevel::warn, "plugins", type.why + "; " + build(type) + " goes on serving \"" + type.type + "\"");
    if (type.state != TypeState::serving || old == before.end() || old->sha256 == type.sha256) continue;
    log(LogLevel::info, "plugins", build(type) + " serves \"" + type.type + "\" from now on" + (old->sha256.empty() ? "" : ", after " + build(*old)));
  }
}

class LiveGateway final : public Gateway {
 public:
  LiveGateway(Options options, std::shared_ptr<runtime::Loops> loops) : options_(std::move(options)), loops_(std::move(loops)) {}

  ~LiveGateway() override {
    sharing_.request_stop();
    if (sharer_.joinable()) sharer_.join();
    for (auto& worker : workers_) on_loop(worker->loop(), [&worker] { worker->close(); });
    for (const auto& thread : loops_->all()) thread->settle();   // the calls that were cancelled with them
    workers_.clear();
    if (current_) budgets_.share(*current_->runtime->state(), system_clock().unix_ms());
    if (sight_) sight_->flush(Millis(2000));
    sight_.reset();
    current_.reset();
    for (const auto& path : sockets_) ::unlink(path.c_str());
    enders_.reset();   // waits for runtimes that end, which need the loops
  }

  Result<void> open(runtime::Settings settings) {
    runtime::Options how{.on = loops_};
    how.try_out = options_.try_out;
    auto runtime = runtime::Runtime::open(std::move(settings), std::move(how));
    if (!runtime) return runtime.error();
    const auto owned = ending_elsewhere(std::move(*runtime), enders_);
    const auto& gateway = owned->settings().gateway;
    if (auto listening = listen_on(options_.listen.empty() ? gateway.listen : options_.listen, gateway); !listening) return listening.error();
    if (!gateway.certificate.empty()) {
      auto tls = Tls::load(gateway.certificate, gateway.certificate_key);
      if (!tls) return tls.error();
      tls_ = std::move(*tls);
    }
    for (const auto& [provider, problem] : owned->check_providers()) warnings_.push_back("provider." + provider + ": " + problem);
    auto sight = Sight::open(sight_settings(gateway), loops_, owned);
    if (!sight) return sight.error();
    sight_ = std::move(*sight);
    current_ = generation_of(owned);
    for (std::size_t i = 0; i < loops_->all().size(); ++i) {
      workers_.push_back(std::make_unique<Worker>(i, *loops_->all()[i], *sight_, front_settings(gateway), own(current_)));
    }
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      if (auto accepting = on_loop(workers_[i]->loop(), [this, i] { return begin(i); }); !accepting) return accepting.error();
    }
    sharer_ = std::thread([this] { share_budgets(); });
    return {};
  }

  [[nodiscard]] std::vector<std::string> addresses() const override {
    std::vector<std::string> out;
    for (const auto& address : listeners_) out.push_back((address.front().address.starts_with("unix:") ? "" : tls_ ? "https://" : "http://") + address.front().address);
    return out;
  }
  [[nodiscard]] std::size_t workers() const override { return workers_.size(); }
  [[nodiscard]] std::vector<std::string> files() const override { return current_->runtime->settings().files; }
  [[nodiscard]] std::vector<std::string> folders() const override { return current_->runtime->settings().loader.dirs; }
  [[nodiscard]] std::vector<std::string> warnings() const override { return warnings_; }

  Result<void> reload() override {
    auto done = try_reload();
    if (!done) sight_->reload_failed(done.error().message);
    return done;
  }

  void reopen_logs() override { sight_->reopen(); }

  bool drain(int enough) override {
    const MonoTime end = system_clock().mono() + current_->settings().drain_timeout;
    // All at once, so that whoever comes now is refused and goes elsewhere, instead of waiting at a socket that nobody accepts from any more.
    for (const auto& address : listeners_) {
      for (const auto& one : address) (void)::shutdown(one.fd.get(), SHUT_RDWR);
    }
    for (auto& worker : workers_) on_loop(worker->loop(), [&worker] { worker->drain(); });
    for (;;) {
      const bool empty = std::all_of(workers_.begin(), workers_.end(), [](auto& worker) { return on_loop(worker->loop(), [&worker] { return worker->front().empty(); }); });
      if (empty) return true;
      if (system_clock().mono() >= end) return false;
      pollfd watched{enough, POLLIN, 0};
      if (::poll(&watched, 1, 20) > 0) return false;
    }
  }

 private:
  Result<void> listen_on(const std::vector<std::string>& addresses, const runtime::GatewaySettings& gateway) {
    for (const auto& address : addresses) {
      auto opened = listen(address, loops_->all().size());
      if (!opened) return opened.error();
      if (open_beyond_this_machine(*opened) && gateway.keys.empty())
        return fail(address + " can be reached from other machines, and nobody would need a key: give [gateway] keys, or listen on 127.0.0.1 or a unix socket");
      if (address.starts_with("unix:")) sockets_.push_back(address.substr(5));
      listeners_.push_back(std::move(*opened));
    }
    return {};
  }

  /// Worker `i` accepts from now on. [its loop]
  Result<void> begin(std::size_t i) {
    Worker& worker = *workers_[i];
    worker.sight().front(&worker.front().counts());
    for (const auto& address : listeners_) {
      const Listener& one = address[std::min(i, address.size() - 1)];
      const bool is_unix = one.address.starts_with("unix:");
      if (auto accepting = worker.front().accept_on(one.fd.get(), one.local, is_unix ? nullptr : tls_); !accepting) return accepting.error();
    }
    return {};
  }

  GenerationPtr generation_of(const std::shared_ptr<runtime::Runtime>& runtime) {
    const auto& gateway = runtime->settings().gateway;
    return std::make_shared<Generation>(Generation{runtime, KeyRing(gateway.keys, meters_), budgets_.use(gateway.budgets), !gateway.otlp_endpoint.empty()});
  }

  /// The same, with a counter of its own: copies that one worker makes touch nothing that another one does.
  static GenerationPtr own(const GenerationPtr& generation) { return {std::make_shared<GenerationPtr>(generation), generation.get()}; }

  Result<void> try_reload() {
    auto settings = options_.load();
    if (!settings) return settings.error();
    auto& old = *current_->runtime;
    runtime::Options how{.on = loops_};
    how.try_out = options_.try_out;
    how.before = &old;
    if (settings->state == old.settings().state) how.state = current_->runtime->state();
    auto runtime = runtime::Runtime::open(std::move(*settings), std::move(how));
    if (!runtime) return runtime.error();
    const auto fresh = ending_elsewhere(std::move(*runtime), enders_);
    const auto& gateway = fresh->settings().gateway;
    if (auto good = no_new_problems(*fresh); !good) return good;
    if (auto same = same_places(gateway); !same) return same;
    std::shared_ptr<Tls> tls;
    if (!gateway.certificate.empty()) {
      auto loaded = Tls::load(gateway.certificate, gateway.certificate_key);
      if (!loaded) return loaded.error();
      tls = std::move(*loaded);
    }
    if (auto seen = sight_->use(sight_settings(gateway), fresh); !seen) return seen;
    tell_of_plugins(old.registry().types(), fresh->registry().types());
    auto next = generation_of(fresh);
    {
      std::lock_guard lock(share_mutex_);
      current_ = std::move(next);
    }
    tls_ = tls;
    for (auto& worker : workers_) {
      on_loop(worker->loop(), [this, &worker, &gateway] {
        worker->use(own(current_), front_settings(gateway));
        worker->front().use(tls_);
      });
    }
    return {};
  }

  /// What a provider can't be served for, where it could be before: an error now, before anyone is switched to it.
  Result<void> no_new_problems(runtime::Runtime& fresh) {
    const auto before = current_->runtime->check_providers();
    std::string problems;
    for (const auto& [provider, problem] : fresh.check_providers()) {
      const bool known = std::any_of(before.begin(), before.end(), [&](const auto& old) { return old.first == provider; });
      if (!known) problems += (problems.empty() ? "provider." : "\nprovider.") + provider + ": " + problem;
    }
    if (!problems.empty()) return fail(problems);
    return {};
  }

  /// Sockets and threads are made once.
  Result<void> same_places(const runtime::GatewaySettings& gateway) {
    const auto& old = current_->settings();
    if (options_.listen.empty() && gateway.listen != old.listen) return fail("gateway.listen: has changed, which takes a restart");
    if (gateway.keys.empty() && std::any_of(listeners_.begin(), listeners_.end(), open_beyond_this_machine))
      return fail("gateway.keys: there are none left, and this gateway can be reached from other machines");
    if (gateway.certificate.empty() != old.certificate.empty()) return fail("gateway.tls: was " + std::string(old.certificate.empty() ? "added" : "removed") + ", which takes a restart");
    if (options_.workers == 0 && gateway.workers != old.workers) log(LogLevel::warn, "serve", "gateway.workers has changed, which takes effect at the next start");
    return {};
  }

  /// A thread, since it may read and write files.
  void share_budgets() {
    const auto stop = sharing_.get_token();
    while (!stop.stop_requested()) {
      std::unique_lock lock(share_mutex_);
      share_wake_.wait_for(lock, stop, share_every, [] { return false; });
      lock.unlock();
      if (stop.stop_requested()) return;
      if (const auto now = current(); !now->budgets.empty()) budgets_.share(*now->runtime->state(), system_clock().unix_ms());
    }
  }

  GenerationPtr current() {
    std::lock_guard lock(share_mutex_);
    return current_;
  }

  const Options options_;
  const std::shared_ptr<runtime::Loops> loops_;
  std::shared_ptr<Workers> enders_ = std::make_shared<Workers>();
  Meters meters_;
  Budgets budgets_;
  std::vector<std::vector<Listener>> listeners_;   // by address, then by worker
  std::vector<std::string> sockets_;
  std::shared_ptr<Tls> tls_;
  std::vector<std::string> warnings_;
  std::unique_ptr<Sight> sight_;
  GenerationPtr current_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::stop_source sharing_;
  std::mutex share_mutex_;
  std::condition_variable_any share_wake_;
  std::thread sharer_;
};

}  // namespace

Result<std::unique_ptr<Gateway>> Gateway::open(runtime::Settings settings, Options options) {
  int workers = options.workers > 0 ? options.workers : settings.gateway.workers;
  if (workers <= 0) workers = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  auto loops = runtime::Loops::start(static_cast<std::size_t>(workers));
  if (!loops) return loops.error();
  auto gateway = std::make_unique<LiveGateway>(std::move(options), std::shared_ptr<runtime::Loops>(std::move(*loops)));
  if (auto opened = gateway->open(std::move(settings)); !opened) return opened.error();
  return std::unique_ptr<Gateway>(std::move(gateway));
}

}  // namespace belay::gateway
