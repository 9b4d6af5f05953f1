// Rig: a loop on its own thread with a client on it, and calls whose course a test can look at.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/loop.hpp"
#include "http/client.hpp"
#include "server.hpp"

namespace belay::http::test {

/// The two ways a plain http request may go. Handlers cannot tell them apart: what this folder's tests say about one
/// holds for the other, so suites about plain http run once for each.
enum class Way { direct, curl };
std::string to_string(Way way);

/// Fixture of such suites; rigs made in their tests go that way.
class BothWays : public testing::TestWithParam<Way> {
 public:
  BothWays();
  ~BothWays() override;
};

#define BELAY_BOTH_WAYS(suite)                                                   \
  class suite : public BothWays {};                                              \
  INSTANTIATE_TEST_SUITE_P(Http, suite, testing::Values(Way::direct, Way::curl), \
                           [](const auto& info) { return to_string(info.param); })

class Rig {
 public:
  /// The way of all rigs that are made from now on.
  static void go(Way way);
  explicit Rig(ClientOptions options = {});
  ~Rig();

  /// Runs `job` on the loop thread and waits for it.
  void on_loop(const std::function<void()>& job);
  void destroy_client();
  /// CPU time the loop thread has used.
  std::chrono::nanoseconds loop_time();

  Loop& loop() { return *loop_; }
  Client& client() { return *client_; }

 private:
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<Client> client_;
  std::thread thread_;
};

/// One transfer and what its handler heard. Hooks run on the loop thread, inside the handler's call.
class Call final : private Handler {
 public:
  Call(Rig& rig, Request request);
  /// Starts later, by start().
  explicit Call(Rig& rig) : rig_(rig) {}
  ~Call() override;

  void start(Request request);
  /// [loop thread]
  void start_here(Request request) { transfer_ = rig_.client().start(std::move(request), *this); }
  /// Waits for on_done; fails the test when it does not come.
  const Done& done();
  /// Waits until on_head, or at least `bytes` of body.
  bool wait_head();
  bool wait_body(std::size_t bytes);
  /// Destroys the Transfer on the loop thread.
  void cancel();
  void resume();
  /// [loop thread]
  void cancel_here() { transfer_.reset(); }
  void resume_here() {
    if (transfer_) transfer_->resume();
  }

  std::function<void()> head_hook;
  std::function<bool(std::string_view)> body_hook;  ///< its answer is on_body's
  std::function<void()> done_hook;

  // Stable after done(); before it, ask through the functions above.
  Head head;
  std::string body;
  std::vector<std::size_t> pieces;
  int heads = 0, dones = 0;

 private:
  void on_head(const Head& seen) override;
  bool on_body(std::string_view piece) override;
  void on_done(const Done& seen) override;
  bool wait(const std::function<bool()>& until);

  Rig& rig_;
  std::unique_ptr<Transfer> transfer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Done done_;
};

Request get(std::string url);
Request post(std::string url, std::string body);

/// Descriptors this process has open.
std::size_t open_descriptors();

}  // namespace belay::http::test
