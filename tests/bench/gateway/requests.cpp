// A closed loop: every connection sends its next request when the reply to the last one is there and was right.
#include <unordered_map>

#include "load.hpp"
#include "reply_reader.hpp"

namespace belay::bench {
namespace {

struct Connection {
  std::size_t sent = 0;
  std::int64_t since = 0;
  bool busy = false, wants_write = false;
  ReplyReader reader;
};

class Requests {
 public:
  explicit Requests(const Order& order) : order_(order) {
    for (int i = 0; i < order.connections; ++i) open();
  }

  int run() {
    const std::int64_t begin = now_ns();
    until_ = order_.count > 0 ? 0 : begin + static_cast<std::int64_t>(order_.seconds * 1e9);
    std::vector<int> idle;
    for (const auto& [fd, connection] : connections_) idle.push_back(fd);
    for (const int fd : idle) start(fd);
    while (running_ > 0) {
      if (epoll_.wait(patience_ns, [this](int fd, std::uint32_t events) { on_event(fd, events); }) == 0) die("no reply for 20 s");
    }
    const double seconds = static_cast<double>(now_ns() - begin) / 1e9;
    const std::size_t done = times_.size();
    const double half = quantile(times_, 0.5), most = quantile(times_, 0.99);
    std::printf("{\"requests\":%zu,\"errors\":%ld,\"reconnects\":%ld,\"seconds\":%.4f,\"p50_us\":%.2f,\"p99_us\":%.2f}\n", done, errors_, reconnects_, seconds,
                half, most);
    return errors_ == 0 ? 0 : 1;
  }

 private:
  int open() {
    const int fd = connect_to(order_.port);
    connections_[fd] = {};
    epoll_.add(fd, EPOLLIN);
    return fd;
  }

  bool another() {
    if (errors_ > 0) return false;
    return order_.count > 0 ? issued_ < order_.count : now_ns() < until_;
  }

  void start(int fd) {
    if (!another()) return;
    Connection& connection = connections_.at(fd);
    ++issued_;
    ++running_;
    connection.busy = true;
    connection.sent = 0;
    connection.reader.reset();
    connection.since = now_ns();
    send(fd, connection);
  }

  void send(int fd, Connection& connection) {
    while (connection.sent < order_.request.size()) {
      const ssize_t size = ::send(fd, order_.request.data() + connection.sent, order_.request.size() - connection.sent, MSG_NOSIGNAL);
      if (size < 0) break;  // full, or gone: reading tells
      connection.sent += static_cast<std::size_t>(size);
    }
    if (const bool wants = connection.sent < order_.request.size(); wants != connection.wants_write) {
      connection.wants_write = wants;
      epoll_.change(fd, wants ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
  }

  void on_event(int fd, std::uint32_t events) {
    Connection& connection = connections_.at(fd);
    if ((events & EPOLLOUT) != 0) send(fd, connection);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return;
    const ssize_t size = ::recv(fd, buffer_.data(), buffer_.size(), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) return gone(fd, connection);
    using State = ReplyReader::State;
    const State state = connection.busy ? connection.reader.feed({buffer_.data(), static_cast<std::size_t>(size)}) : State::broken;
    if (state == State::more) return;
    const std::int64_t took = now_ns() - connection.since;
    if (state == State::broken || connection.reader.status != 200 || connection.reader.body.find(order_.expect) == std::string::npos)
      wrong("status " + std::to_string(connection.reader.status) + ": " + connection.reader.body.substr(0, 300));
    else
      times_.push_back(took);
    connection.busy = false;
    --running_;
    start(fd);
  }

  /// Between two requests a server may close; inside one it may not.
  void gone(int fd, const Connection& connection) {
    const bool busy = connection.busy;
    connections_.erase(fd);
    ::close(fd);
    if (busy) {
      wrong("the connection was closed inside a request");
      --running_;
    } else {
      ++reconnects_;
      start(open());
    }
  }

  void wrong(const std::string& what) {
    if (++errors_ == 1) std::fprintf(stderr, "%s\n", what.c_str());
  }

  const Order& order_;
  Epoll epoll_;
  std::unordered_map<int, Connection> connections_;
  std::vector<std::int64_t> times_;
  std::int64_t until_ = 0;
  long issued_ = 0, running_ = 0, errors_ = 0, reconnects_ = 0;
  std::array<char, 65536> buffer_{};
};

}  // namespace

int run_requests(const Order& order) { return Requests(order).run(); }

}  // namespace belay::bench
