// A runtime over the real openai plugin, configured in code, with upstreams on loopback.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/runtime.hpp"
#include "upstream.hpp"

namespace belay::runtime::test {

/// A keyless provider `name` at `origin`.
ProviderSettings provider(const std::string& name, const std::string& origin);
/// One with an api key.
ProviderSettings keyed(const std::string& name, const std::string& origin, const std::string& key);
/// Route "r" over the providers, in order; state in memory.
Settings settings_of(std::vector<ProviderSettings> providers);
std::unique_ptr<Runtime> open(Settings settings, Options options = {});

/// A chat request for route r.
CallRequest ask(const std::string& text, bool stream = false);

/// Notes what a call shows, and lets a test wait for it.
class Recorder final : public Observer {
 public:
  void on_attempt(const fallback::Attempt& attempt) override;
  void on_verdict(const fallback::Attempt& attempt) override;
  void on_commit(const Committed& committed) override;
  bool on_event(std::string_view data) override;
  void on_text(std::string_view text) override;
  void on_done(const CallResult& result) override;

  CallResult wait();                                    ///< for the end
  void wait_for_events(std::size_t count);

  std::atomic<std::size_t> pause_after = ~std::size_t{0};            ///< from this event on every one pauses
  std::vector<std::string> order;                       ///< "attempt p", "verdict next_target", "commit c", "event", "done"
  std::atomic<std::size_t> events = 0;
  std::string text;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  CallResult result_;
};

}  // namespace belay::runtime::test
