// What the mock and the load share: sockets on loopback, one epoll, the clock. Both are one thread each and fail loudly: a broken bench has no figures.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>

namespace belay::bench {

/// Nanoseconds of a clock that all processes of this machine share: what the mock writes into a chunk, the load subtracts.
inline std::int64_t now_ns() {
  timespec at{};
  ::clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1'000'000'000LL + at.tv_nsec;
}

[[noreturn]] inline void die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

[[noreturn]] inline void die_of_errno(const std::string& what) { die(what + ": " + std::strerror(errno)); }

/// Thousands of streams take thousands of descriptors.
inline void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

inline sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

inline void no_delay(int fd) {
  const int on = 1;
  (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

class Epoll {
 public:
  Epoll() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (fd_ < 0) die_of_errno("epoll_create1");
  }
  ~Epoll() { ::close(fd_); }
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;

  void add(int fd, std::uint32_t events) { control(EPOLL_CTL_ADD, fd, events); }
  void change(int fd, std::uint32_t events) { control(EPOLL_CTL_MOD, fd, events); }

  /// Calls `on_event(fd, events)` for what happened within `wait_ns` (negative: as long as it takes).
  template <typename OnEvent>
  int wait(std::int64_t wait_ns, OnEvent&& on_event) {
    const timespec limit{wait_ns / 1'000'000'000, wait_ns % 1'000'000'000};
    const int count = ::epoll_pwait2(fd_, events_.data(), static_cast<int>(events_.size()), wait_ns < 0 ? nullptr : &limit, nullptr);
    if (count < 0 && errno != EINTR) die_of_errno("epoll_pwait2");
    for (int i = 0; i < count; ++i) on_event(events_[static_cast<std::size_t>(i)].data.fd, events_[static_cast<std::size_t>(i)].events);
    return count;
  }

 private:
  void control(int operation, int fd, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    if (::epoll_ctl(fd_, operation, fd, &event) != 0) die_of_errno("epoll_ctl");
  }

  int fd_;
  std::array<epoll_event, 256> events_{};
};

}  // namespace belay::bench
