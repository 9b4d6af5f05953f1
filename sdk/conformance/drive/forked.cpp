#include "drive/forked.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>

namespace belay::conform {
namespace {

constexpr std::uint32_t longest = 4u << 20;

bool write_all(int fd, const char* at, std::size_t size) {
  while (size > 0) {
    const ssize_t n = ::send(fd, at, size, MSG_NOSIGNAL);
    if (n <= 0) return false;
    at += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

bool read_all(int fd, char* at, std::size_t size, std::chrono::steady_clock::time_point until) {
  while (size > 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd wait{fd, POLLIN, 0};
    if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) <= 0) return false;
    const ssize_t n = ::recv(fd, at, size, 0);
    if (n <= 0) return false;
    at += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

Line::~Line() {
  if (fd_ >= 0) ::close(fd_);
}

bool Line::say(std::string_view message) const {
  const auto size = static_cast<std::uint32_t>(message.size());
  return write_all(fd_, reinterpret_cast<const char*>(&size), sizeof size) && write_all(fd_, message.data(), message.size());
}

std::optional<std::string> Line::hear(std::chrono::milliseconds patience) const {
  const auto until = std::chrono::steady_clock::now() + patience;
  std::uint32_t size = 0;
  if (!read_all(fd_, reinterpret_cast<char*>(&size), sizeof size, until) || size > longest) return std::nullopt;
  std::string message(size, '\0');
  if (!read_all(fd_, message.data(), size, until)) return std::nullopt;
  return message;
}

std::string packed(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += std::to_string(text.size()) + ":" + text;
  return out;
}

std::vector<std::string> unpacked(std::string_view message) {
  std::vector<std::string> texts;
  while (!message.empty()) {
    const auto colon = message.find(':');
    if (colon == std::string_view::npos) break;
    const auto size = std::strtoul(std::string(message.substr(0, colon)).c_str(), nullptr, 10);
    texts.emplace_back(message.substr(colon + 1, size));
    message.remove_prefix(std::min(message.size(), colon + 1 + size));
  }
  return texts;
}

Forked::Forked(const std::function<void(Line& parent)>& work) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(ends[0]);
    Line parent(ends[1]);
    try {
      work(parent);
    } catch (const std::exception& thrown) {
      parent.say(packed({"threw", thrown.what()}));
      ::_exit(3);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  line_.emplace(ends[0]);
}

Forked::~Forked() { end(std::chrono::milliseconds(0)); }

/// Its exit, taken; nullopt: it still runs at `until`.
std::optional<int> Forked::reap(std::chrono::steady_clock::time_point until) {
  while (true) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return status;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    // Its end of the line closes just before it ends.
    pollfd wait{line_->fd(), 0, 0};
    if (::poll(&wait, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 20))) > 0) ::usleep(200);
  }
}

std::string Forked::end(std::chrono::milliseconds patience) {
  if (pid_ <= 0) return "it never began";
  const auto status = reap(std::chrono::steady_clock::now() + patience);
  if (!status) {
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
    return "it did not end";
  }
  if (WIFEXITED(*status)) return "exit status " + std::to_string(WEXITSTATUS(*status));
  return "signal " + std::to_string(WTERMSIG(*status)) + " (" + ::strsignal(WTERMSIG(*status)) + ")";
}

}  // namespace belay::conform
