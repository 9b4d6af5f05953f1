// N streams at once, each read to its end mark; the delay of a chunk is counted from the moment at which the mock wrote it.
#include <unordered_map>

#include "chunk_times.hpp"
#include "load.hpp"
#include "reply_reader.hpp"

namespace belay::bench {
namespace {

struct Stream {
  ReplyReader reader;
  int chunks = 0;
  bool ended = false;
};

class Streams {
 public:
  explicit Streams(const Order& order) : order_(order) {
    for (int i = 0; i < order.connections; ++i) {
      const int fd = connect_to(order.port);
      epoll_.add(fd, EPOLLIN);
      streams_[fd];
      if (::send(fd, order.request.data(), order.request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(order.request.size())) die_of_errno("send");
    }
  }

  int run() {
    while (!streams_.empty()) {
      if (epoll_.wait(patience_ns, [this](int fd, std::uint32_t) { on_event(fd); }) == 0) die("no chunk for 20 s");
    }
    const std::size_t chunks = delays_.size();
    const double half = quantile(delays_, 0.5), most = quantile(delays_, 0.99);
    std::printf("{\"chunks\":%zu,\"errors\":0,\"p50_us\":%.2f,\"p99_us\":%.2f}\n", chunks, half, most);
    return 0;
  }

 private:
  void on_event(int fd) {
    Stream& stream = streams_.at(fd);
    const ssize_t size = ::recv(fd, buffer_.data(), buffer_.size(), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) die("a stream was closed after " + std::to_string(stream.chunks) + " chunks");
    const auto state = stream.reader.feed({buffer_.data(), static_cast<std::size_t>(size)});
    const std::int64_t now = now_ns();
    if (stream.reader.status != 0 && stream.reader.status != 200)
      die("status " + std::to_string(stream.reader.status) + ": " + stream.reader.body.substr(0, 300));
    stream.ended |= take_chunk_times(stream.reader.body, [&](std::int64_t written) {
      ++stream.chunks;
      delays_.push_back(now - written);
    });
    if (state == ReplyReader::State::more) return;
    if (state == ReplyReader::State::broken || !stream.ended || stream.chunks != order_.chunks)
      die("a stream ended with " + std::to_string(stream.chunks) + " chunks" + (stream.ended ? "" : " and no end mark"));
    ::close(fd);
    streams_.erase(fd);
  }

  const Order& order_;
  Epoll epoll_;
  std::unordered_map<int, Stream> streams_;
  std::vector<std::int64_t> delays_;
  std::array<char, 65536> buffer_{};
};

}  // namespace

int run_streams(const Order& order) { return Streams(order).run(); }

}  // namespace belay::bench
