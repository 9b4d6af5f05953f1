// Rig: a Front on a loop thread, and a Service whose paths each do one thing.
//
//   /echo     the request and its body, as text          /hold    nothing, until the test says so
//   /refuse   401 from inside open()                     /flood   pieces as fast as the client takes them, 16 MiB in all: more than sockets hold
//   /stream   three pieces, then the end                 /large   8 MiB in one reply
//   /abort    one piece, then abort()                    /early   an answer that does not wait for the body
//   /empty    no answer at all from open()
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "front/front.hpp"

namespace belay::gateway::test {

/// Longer than anything takes on a slow machine; only a failing test waits for it.
constexpr std::chrono::seconds patience{20};

constexpr std::size_t flood_size = 16u << 20, large_size = 8u << 20;

/// What happened, by name; tests wait for it.
class Events {
 public:
  void add(const std::string& what);
  /// Whether it came `times` times, within `patience`.
  bool wait(const std::string& what, int times = 1);
  [[nodiscard]] int count(const std::string& what);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int> counts_;
};

class TestService final : public Service {
 public:
  explicit TestService(Loop& loop) : loop_(loop) {}
  std::unique_ptr<Visit> open(const Head& head, Reply& reply) override;
  Refused refusal(std::string_view path, const Refusal& why) override;

  /// "POST /echo", "body", "gone", "writable", "full", "destroyed": as they happen.
  Events events;
  /// The replies to /hold that wait. [loop thread]
  std::vector<Reply*> held;

 private:
  Loop& loop_;
};

class Rig {
 public:
  enum class Tie { tcp, open_tcp, unix_socket };
  explicit Rig(FrontSettings settings = {}, Tie tie = Tie::tcp, std::shared_ptr<Tls> tls = nullptr);
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  /// Runs it on the loop thread and waits.
  void on_loop(const std::function<void()>& job);
  [[nodiscard]] FrontCounts counts();
  /// Whether `holds` became true of the counts, within `patience`.
  bool wait_for(const std::function<bool(const FrontCounts&)>& holds);

  void end_front() { on_loop([this] { front_.reset(); }); }

  [[nodiscard]] const std::string& address() const { return listener_.address; }
  [[nodiscard]] int port() const;
  [[nodiscard]] Front& front() { return *front_; }
  [[nodiscard]] TestService& service() { return *service_; }
  [[nodiscard]] Events& events() { return service_->events; }

 private:
  std::string folder_;
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<TestService> service_;
  Listener listener_;
  std::unique_ptr<Front> front_;
  std::thread thread_;
};

}  // namespace belay::gateway::test
