// Thousands of streams that are open and silent. What a gateway sends meanwhile to keep them alive is read and counted.
#include <unordered_map>

#include "chunk_times.hpp"
#include "load.hpp"
#include "reply_reader.hpp"

namespace belay::bench {
namespace {

constexpr int opening_at_once = 64;  // a listen queue is short, and a proxy under test shall not be flooded

class Hold {
 public:
  explicit Hold(const Order& order) : order_(order) { epoll_.add(STDIN_FILENO, EPOLLIN | EPOLLHUP); }

  int run() {
    while (!over_) {
      while (opened_ < order_.connections && opened_ - held_ < opening_at_once) open();
      const bool all = held_ == order_.connections;
      const int events = epoll_.wait(all ? -1 : patience_ns, [this](int fd, std::uint32_t) { on_event(fd); });
      if (events == 0) die("only " + std::to_string(held_) + " of " + std::to_string(order_.connections) + " streams got their first chunk");
      if (!all && held_ == order_.connections) {
        std::printf("held\n");
        std::fflush(stdout);
      }
    }
    std::printf("{\"held\":%d,\"lost\":%d,\"bytes_since\":%ld}\n", held_, lost_, bytes_);
    return lost_ == 0 ? 0 : 1;
  }

 private:
  struct Stream {
    ReplyReader reader;
    bool begun = false;
  };

  void open() {
    const int fd = connect_to(order_.port);
    epoll_.add(fd, EPOLLIN);
    streams_[fd];
    ++opened_;
    if (::send(fd, order_.request.data(), order_.request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(order_.request.size())) die_of_errno("send");
  }

  void on_event(int fd) {
    if (fd == STDIN_FILENO) {
      over_ = true;
      return;
    }
    Stream& stream = streams_.at(fd);
    const ssize_t size = ::recv(fd, buffer_.data(), buffer_.size(), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0 || stream.reader.feed({buffer_.data(), static_cast<std::size_t>(size)}) != ReplyReader::State::more) return lose(fd, stream);
    if (stream.begun) bytes_ += size;
    take_chunk_times(stream.reader.body, [&](std::int64_t) {
      if (!stream.begun) ++held_;
      stream.begun = true;
    });
  }

  void lose(int fd, const Stream& stream) {
    if (!stream.begun) die("a stream was refused, status " + std::to_string(stream.reader.status) + ": " + stream.reader.body.substr(0, 300));
    ++lost_;
    ::close(fd);
    streams_.erase(fd);
  }

  const Order& order_;
  Epoll epoll_;
  std::unordered_map<int, Stream> streams_;
  int opened_ = 0, held_ = 0, lost_ = 0;
  long bytes_ = 0;
  bool over_ = false;
  std::array<char, 65536> buffer_{};
};

}  // namespace

int run_hold(const Order& order) { return Hold(order).run(); }

}  // namespace belay::bench
