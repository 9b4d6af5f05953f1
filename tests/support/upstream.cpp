#include "upstream.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <queue>
#include <stdexcept>
#include <unordered_map>

namespace belay::test {
namespace {

using Clock = std::chrono::steady_clock;

std::string chunk(const std::string& bytes) {
  char size[24];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

UpstreamReply UpstreamReply::json(int status, const std::string& body, const std::string& more_headers) {
  UpstreamReply reply;
  reply.pieces.push_back({"HTTP/1.1 " + std::to_string(status) + " Status\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                          more_headers + "\r\n" + body});
  return reply;
}

UpstreamReply UpstreamReply::completion(const std::string& text) {
  return json(200, R"({"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":")" + escaped(text) +
                       R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})");
}

UpstreamReply UpstreamReply::stream() {
  UpstreamReply reply;
  reply.pieces.push_back({"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"});
  return reply;
}

UpstreamReply& UpstreamReply::event(const std::string& data, std::chrono::milliseconds after) {
  pieces.push_back({chunk("data: " + data + "\n\n"), after});
  return *this;
}

UpstreamReply& UpstreamReply::content(const std::string& text, std::chrono::milliseconds after) {
  return event(R"({"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":")" + escaped(text) +
                   R"("},"finish_reason":null}]})",
               after);
}

UpstreamReply& UpstreamReply::end() {
  event(R"({"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})");
  event("[DONE]");
  pieces.push_back({"0\r\n\r\n"});
  return *this;
}

struct Upstream::Impl {
  struct Link {
    int fd;
    std::string in, out;
    UpstreamReply reply;
    std::size_t next = 0;          // piece
    bool busy = false, writing = false, waiting = false;
  };
  struct Due {
    Clock::time_point when;
    int fd;
    std::uint64_t number;
    bool operator<(const Due& other) const { return when > other.when; }
  };

  Upstream& self;
  Script script;
  int epoll = -1, listener = -1;
  std::unordered_map<int, std::pair<std::uint64_t, std::unique_ptr<Link>>> links;
  std::uint64_t next_number = 1;
  std::priority_queue<Due> due;

  Impl(Upstream& owner, Script script) : self(owner), script(std::move(script)) {
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 4096) != 0) throw std::runtime_error("cannot listen on loopback");
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    self.port_ = ntohs(address.sin_port);
    epoll = ::epoll_create1(EPOLL_CLOEXEC);
    watch(listener, EPOLLIN, EPOLL_CTL_ADD);
  }
  ~Impl() {
    for (auto& [fd, link] : links) ::close(fd);
    ::close(listener);
    ::close(epoll);
  }

  void watch(int fd, std::uint32_t events, int how) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    ::epoll_ctl(epoll, how, fd, &event);
  }

  void run() {
    epoll_event ready[512];
    while (!self.stop_) {
      int wait = 20;
      if (!due.empty()) wait = static_cast<int>(std::clamp<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(due.top().when - Clock::now()).count(), 0, 20));
      const int count = ::epoll_wait(epoll, ready, 512, wait);
      for (int i = 0; i < count; ++i) {
        if (ready[i].data.fd == listener) accept_all();
        else serve(ready[i].data.fd, ready[i].events);
      }
      const auto now = Clock::now();
      while (!due.empty() && due.top().when <= now) {
        const Due next = due.top();
        due.pop();
        const auto found = links.find(next.fd);
        if (found == links.end() || found->second.first != next.number) continue;
        found->second.second->waiting = false;
        go_on(*found->second.second);
      }
    }
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      const int one = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      ++self.connections_;
      ++self.open_;
      auto link = std::make_unique<Link>();
      link->fd = fd;
      links[fd] = {next_number++, std::move(link)};
      watch(fd, EPOLLIN, EPOLL_CTL_ADD);
    }
  }

  void drop(int fd) {
    ::close(fd);
    links.erase(fd);
    --self.open_;
  }

  void serve(int fd, std::uint32_t events) {
    const auto found = links.find(fd);
    if (found == links.end()) return;
    Link& link = *found->second.second;
    if ((events & EPOLLOUT) != 0 && !flush(link)) return;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return;
    char piece[65536];
    for (;;) {
      const ssize_t got = ::read(fd, piece, sizeof piece);
      if (got > 0) {
        link.in.append(piece, static_cast<std::size_t>(got));
        continue;
      }
      if (got < 0 && errno == EAGAIN) break;
      return drop(fd);
    }
    take(link);
  }

  void take(Link& link) {
    if (link.busy) return;
    const auto head_end = link.in.find("\r\n\r\n");
    if (head_end == std::string::npos) return;
    UpstreamRequest request;
    const std::string head = link.in.substr(0, head_end);
    const auto first_end = head.find("\r\n");
    const std::string first = head.substr(0, first_end);
    request.method = first.substr(0, first.find(' '));
    request.path = first.substr(first.find(' ') + 1, first.rfind(' ') - first.find(' ') - 1);
    for (std::size_t at = first_end; at != std::string::npos && at + 2 < head.size();) {
      const auto end = head.find("\r\n", at + 2);
      const std::string line = head.substr(at + 2, end == std::string::npos ? std::string::npos : end - at - 2);
      std::string name = line.substr(0, line.find(':'));
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      const auto value = line.find_first_not_of(' ', line.find(':') + 1);
      request.headers[name] = value == std::string::npos ? "" : line.substr(value);
      at = end;
    }
    const auto length = request.headers.count("content-length") != 0 ? std::strtoull(request.headers["content-length"].c_str(), nullptr, 10) : 0;
    if (link.in.size() < head_end + 4 + length) return;
    request.body = link.in.substr(head_end + 4, length);
    link.in.erase(0, head_end + 4 + length);
    ++self.requests_;
    link.reply = script(request);
    link.next = 0;
    link.busy = true;
    go_on(link);
  }

  /// Sends pieces until one has to wait.
  void go_on(Link& link) {
    while (link.next < link.reply.pieces.size()) {
      auto& piece = link.reply.pieces[link.next];
      if (piece.after.count() > 0) {
        due.push({Clock::now() + piece.after, link.fd, links[link.fd].first});
        piece.after = {};
        link.waiting = true;
        break;
      }
      link.out += piece.bytes;
      piece.bytes.clear();
      ++link.next;
    }
    flush(link);
  }

  /// False when the connection is gone.
  bool flush(Link& link) {
    while (!link.out.empty()) {
      const ssize_t put = ::send(link.fd, link.out.data(), link.out.size(), MSG_NOSIGNAL);
      if (put < 0 && errno == EAGAIN) {
        if (!link.writing) watch(link.fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
        link.writing = true;
        return true;
      }
      if (put <= 0) {
        drop(link.fd);
        return false;
      }
      self.sent_ += static_cast<std::uint64_t>(put);
      link.out.erase(0, static_cast<std::size_t>(put));
    }
    if (link.writing) watch(link.fd, EPOLLIN, EPOLL_CTL_MOD);
    link.writing = false;
    if (!link.busy || link.waiting || link.next < link.reply.pieces.size() || link.reply.hold) return true;
    if (link.reply.close) {
      drop(link.fd);
      return false;
    }
    link.busy = false;
    take(link);
    return true;
  }
};

Upstream::Upstream(Script script) : impl_(std::make_unique<Impl>(*this, std::move(script))), thread_([this] { impl_->run(); }) {}

Upstream::~Upstream() {
  stop_ = true;
  thread_.join();
}

}  // namespace belay::test
