// A token endpoint on loopback that rotates refresh tokens and notices when a spent one comes back.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "credentials/refresh.hpp"

namespace belay::credentials {

class TokenServer {
 public:
  TokenServer();
  ~TokenServer();
  TokenServer(const TokenServer&) = delete;
  TokenServer& operator=(const TokenServer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/token"; }
  /// Requests that were answered by the rules.
  [[nodiscard]] int served() const { return served_; }
  /// Whether a spent refresh token was presented: a provider would log everybody out.
  [[nodiscard]] int reused() const { return reused_; }
  /// Refresh token "rt-SECRET-N" is the good one.
  [[nodiscard]] int number() const { return number_; }

  /// Called with each request before it is answered; false: the connection is closed without an answer. May block.
  void on_request(std::function<bool()> then);
  /// Called when a request has been obeyed but not yet answered. May block.
  void before_answer(std::function<void()> then);
  /// Ends it and waits for its threads, so that what the functions above refer to may go.
  void stop();

 private:
  void accept_all();
  void serve(int fd);
  std::string answer(const std::string& body);

  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> served_{0}, reused_{0}, number_{0};
  std::mutex mutex_;
  std::vector<std::thread> connections_;  // guarded by mutex_, like all below
  std::shared_ptr<std::function<bool()>> on_request_;
  std::shared_ptr<std::function<void()>> before_answer_;
  std::thread accepting_;
};

/// An Http for default_refresh over a plain socket. `sent` is called when the request is on its way.
HttpReply post(const HttpRequest& request, const std::function<void()>& sent = {});

}  // namespace belay::credentials
