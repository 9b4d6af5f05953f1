// A small HTTP/1.1 upstream on loopback for tests and benchmarks: one thread, one epoll, thousands of connections. Keeps connections alive, answers each
// request with what its script says, at the time it says, and counts what it saw.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace belay::test {

struct UpstreamRequest {
  std::string method, path, body;
  std::map<std::string, std::string> headers;   ///< names in lower case
};

/// What one request gets. Pieces are sent one after the other, each `after` the one before it.
struct UpstreamReply {
  struct Piece {
    std::string bytes;
    std::chrono::milliseconds after{0};
  };
  std::vector<Piece> pieces;
  bool close = false;   ///< behind the last piece
  bool hold = false;    ///< never end it: the connection stays open after the last piece

  static UpstreamReply json(int status, const std::string& body, const std::string& more_headers = "");
  /// A chat.completion with that text.
  static UpstreamReply completion(const std::string& text);
  /// The head of a chunked event stream; add events and end().
  static UpstreamReply stream();
  UpstreamReply& event(const std::string& data, std::chrono::milliseconds after = {});
  UpstreamReply& content(const std::string& text, std::chrono::milliseconds after = {});
  /// Finish reason, end mark and the last chunk.
  UpstreamReply& end();
};

class Upstream {
 public:
  using Script = std::function<UpstreamReply(const UpstreamRequest&)>;

  explicit Upstream(Script script);
  ~Upstream();
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::uint64_t requests() const { return requests_; }
  [[nodiscard]] std::uint64_t connections() const { return connections_; }   ///< accepted so far
  [[nodiscard]] std::int64_t open() const { return open_; }                   ///< now
  [[nodiscard]] std::uint64_t sent() const { return sent_; }                  ///< bytes that the kernel took

  struct Impl;

 private:
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> requests_{0}, connections_{0}, sent_{0};
  std::atomic<std::int64_t> open_{0};
  std::atomic<bool> stop_{false};
  std::unique_ptr<Impl> impl_;   // sets port_
  std::thread thread_;
};

}  // namespace belay::test
