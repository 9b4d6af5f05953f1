// An OpenAI-compatible upstream that is never the bottleneck: one thread, one epoll, no JSON parser. The request's model says what it gets:
//
//   sse-100x10   a stream of 100 chunks, one every 10 ms, each with the time at which it was written
//   hold         a stream of one chunk and then silence, until the caller goes
//   any other    a chat.completion of 1,220 bytes
//
// A provider in front of the model ("mock/hold", for those who route by it) is skipped. Prints two ports: the first answers; the second refuses
// every request with 401. A line on standard input is answered by two counts, requests answered and refused; its end ends the mock.
#include <algorithm>
#include <charconv>
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "net.hpp"

namespace {

using namespace belay::bench;

constexpr std::size_t kept_body = 8192;  // enough for every model name; the rest of a large body is only counted
constexpr int reply_bytes = 1220;

struct Plan {
  enum class Kind { completion, stream, hold } kind = Kind::completion;
  int chunks = 0;
  std::int64_t pace_ns = 0;
};

struct Connection {
  bool refuses = false;
  std::string in;                // head, and of the body at most `kept_body`
  std::size_t head = 0;          // its length once it is whole, else 0
  std::size_t body = 0, got = 0; // bytes of the body: announced, received
  std::string out;
  bool wants_write = false;
  Plan plan;                     // of the stream that runs
  int left = 0;                  // its chunks to come
  std::uint64_t serial = 0;      // tells it from an earlier connection of the same descriptor
};

struct Due {
  std::int64_t at;
  int fd;
  std::uint64_t serial;
  bool operator>(const Due& other) const { return at > other.at; }
};

std::string completion() {
  const std::string before = R"({"id":"chatcmpl-bench","object":"chat.completion","created":1760000000,"model":"mock","choices":[{"index":0,"message":)"
                             R"({"role":"assistant","content":"bench-reply )";
  const std::string after = R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":250,"completion_tokens":180,"total_tokens":430}})";
  const std::string body = before + std::string(reply_bytes - before.size() - after.size(), 'a') + after;
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string refusal() {
  const std::string body = R"({"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}})";
  return "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::string completion_reply = completion();
const std::string refusal_reply = refusal();
constexpr std::string_view stream_head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";

void append_event(std::string& out, std::string_view event) {
  char size[16];
  out.append(size, static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx\r\n", event.size())));
  out += event;
  out += "\r\n";
}

/// About 200 bytes; the content begins with '@' and 19 digits of nanoseconds.
void append_chunk(std::string& out) {
  char event[256];
  const int size = std::snprintf(event, sizeof event,
                                 "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"mock\",\"choices\":"
                                 "[{\"index\":0,\"delta\":{\"content\":\"@%019lld a token\"},\"finish_reason\":null}]}\n\n",
                                 static_cast<long long>(now_ns()));
  append_event(out, {event, static_cast<std::size_t>(size)});
}

void append_end(std::string& out) {
  append_event(out, "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"mock\",\"choices\":[{\"index\":0,"
                    "\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
  append_event(out, "data: [DONE]\n\n");
  out += "0\r\n\r\n";
}

Plan plan_of(std::string_view body) {
  std::size_t at = body.find("\"model\"");
  if (at == std::string_view::npos || (at = body.find('"', at + 7)) == std::string_view::npos) return {};
  std::string_view model = body.substr(at + 1, body.find('"', at + 1) - at - 1);
  model = model.substr(model.rfind('/') + 1);  // npos + 1: the whole
  if (model == "hold") return {Plan::Kind::hold, 1, 0};
  if (!model.starts_with("sse-")) return {};
  Plan plan{Plan::Kind::stream, 0, 0};
  const auto chunks = std::from_chars(model.data() + 4, model.data() + model.size(), plan.chunks);
  int pace_ms = 0;
  (void)std::from_chars(chunks.ptr + 1, model.data() + model.size(), pace_ms);
  plan.pace_ns = pace_ms * 1'000'000LL;
  return plan;
}

std::optional<std::string_view> header(std::string_view head, std::string_view lower_name) {
  for (std::size_t at = head.find("\r\n"); at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() <= lower_name.size() || line[lower_name.size()] != ':') continue;
    if (!std::equal(lower_name.begin(), lower_name.end(), line.begin(), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); })) continue;
    std::string_view value = line.substr(lower_name.size() + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    return value;
  }
  return std::nullopt;
}

class Mock {
 public:
  Mock() : answering_(listen()), refusing_(listen()) {
    epoll_.add(answering_, EPOLLIN);
    epoll_.add(refusing_, EPOLLIN);
    epoll_.add(STDIN_FILENO, EPOLLIN | EPOLLHUP);
    print(port(answering_), port(refusing_));
  }

  void run() {
    while (!over_) {
      epoll_.wait(until_due(), [this](int fd, std::uint32_t events) { on_event(fd, events); });
      write_what_is_due();
    }
  }

 private:
  static void print(long one, long other) {
    std::printf("%ld %ld\n", one, other);
    std::fflush(stdout);
  }

  static int listen() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(0);
    if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(fd, 8192) != 0) die_of_errno("listen");
    return fd;
  }

  static int port(int fd) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) die_of_errno("getsockname");
    return ntohs(address.sin_port);
  }

  std::int64_t until_due() const { return due_.empty() ? -1 : std::max<std::int64_t>(0, due_.top().at - now_ns()); }

  void on_event(int fd, std::uint32_t events) {
    if (fd == STDIN_FILENO) {
      char line[64];
      over_ = ::read(STDIN_FILENO, line, sizeof line) <= 0;
      if (!over_) print(answered_, refused_);
    } else if (fd == answering_ || fd == refusing_) {
      accept(fd);
    } else if (const auto found = connections_.find(fd); found != connections_.end()) {
      if ((events & EPOLLOUT) != 0 && !write(fd, found->second)) return;
      if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(fd, found->second);
    }
  }

  void accept(int listener) {
    for (;;) {
      const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      no_delay(fd);
      Connection& connection = connections_[fd];
      connection.refuses = listener == refusing_;
      connection.serial = ++serial_;
      epoll_.add(fd, EPOLLIN);
    }
  }

  void close(int fd) {
    ::close(fd);
    connections_.erase(fd);
  }

  void read(int fd, Connection& connection) {
    for (;;) {
      const ssize_t size = ::recv(fd, buffer_.data(), buffer_.size(), 0);
      if (size < 0 && errno == EAGAIN) return;
      if (size <= 0) return close(fd);
      if (!take(fd, connection, {buffer_.data(), static_cast<std::size_t>(size)})) return;
      if (static_cast<std::size_t>(size) < buffer_.size()) return;  // level-triggered: more will tell
    }
  }

  /// False: the connection is gone.
  bool take(int fd, Connection& connection, std::string_view bytes) {
    if (connection.head == 0) {
      connection.in += bytes;
      const std::size_t end = connection.in.find("\r\n\r\n");
      if (end == std::string::npos) return true;
      connection.head = end + 4;
      const std::string_view head(connection.in.data(), connection.head);
      if (const auto length = header(head, "content-length")) (void)std::from_chars(length->data(), length->data() + length->size(), connection.body);
      connection.got = connection.in.size() - connection.head;
      if (header(head, "expect") && connection.got < connection.body) {
        connection.out += "HTTP/1.1 100 Continue\r\n\r\n";
        if (!write(fd, connection)) return false;
      }
    } else {
      connection.got += bytes.size();
      if (connection.in.size() < connection.head + kept_body) connection.in += bytes.substr(0, kept_body);
    }
    return connection.got < connection.body || answer(fd, connection);
  }

  bool answer(int fd, Connection& connection) {
    const Plan plan = connection.refuses ? Plan{} : plan_of(std::string_view(connection.in).substr(connection.head));
    ++(connection.refuses ? refused_ : answered_);
    connection.in.clear();
    connection.head = connection.body = connection.got = 0;
    if (plan.kind == Plan::Kind::completion) {
      connection.out += connection.refuses ? refusal_reply : completion_reply;
      return write(fd, connection);
    }
    connection.plan = plan;
    connection.left = plan.chunks;
    connection.out += stream_head;
    if (plan.kind == Plan::Kind::hold) {
      append_chunk(connection.out);
      connection.in.shrink_to_fit();
      const bool open = write(fd, connection);
      if (open) connection.out.shrink_to_fit();
      return open;
    }
    // Streams that begin together must not tick together: each has its own phase, the same ones for every proxy.
    const std::int64_t phase = plan.pace_ns == 0 ? 0 : static_cast<std::int64_t>(++streams_ * 2'654'435'761U % static_cast<std::uint64_t>(plan.pace_ns));
    due_.push({now_ns() + phase, fd, connection.serial});
    return write(fd, connection);
  }

  void write_what_is_due() {
    const std::int64_t now = now_ns();
    while (!due_.empty() && due_.top().at <= now) {
      Due due = due_.top();
      due_.pop();
      const auto found = connections_.find(due.fd);
      if (found == connections_.end() || found->second.serial != due.serial) continue;
      Connection& connection = found->second;
      append_chunk(connection.out);
      if (--connection.left == 0) {
        append_end(connection.out);
      } else {
        due.at += connection.plan.pace_ns;
        due_.push(due);
      }
      write(due.fd, connection);
    }
  }

  /// False: the connection is gone.
  bool write(int fd, Connection& connection) {
    while (!connection.out.empty()) {
      const ssize_t size = ::send(fd, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
      if (size < 0 && errno == EAGAIN) break;
      if (size <= 0) {
        close(fd);
        return false;
      }
      connection.out.erase(0, static_cast<std::size_t>(size));
    }
    if (const bool wants = !connection.out.empty(); wants != connection.wants_write) {
      connection.wants_write = wants;
      epoll_.change(fd, wants ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
    return true;
  }

  Epoll epoll_;
  int answering_, refusing_;
  bool over_ = false;
  std::uint64_t serial_ = 0, streams_ = 0;
  long answered_ = 0, refused_ = 0;
  std::unordered_map<int, Connection> connections_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::array<char, 65536> buffer_{};
};

}  // namespace

int main() {
  raise_descriptor_limit();
  Mock().run();
}
