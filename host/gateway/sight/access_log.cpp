#include "access_log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <limits.h>
#include <algorithm>
#include <cerrno>

namespace belay::gateway::sight {
namespace {

constexpr int patience_ms = 1000;

std::uint64_t line_count(std::string_view text) {
  std::uint64_t count = 0;
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) ++count;
  return count;
}

/// The first lines of `text` that fit in one atomic write to a pipe; at least one line.
std::string_view portion(std::string_view text) {
  if (text.size() <= PIPE_BUF) return text;
  auto end = text.rfind('\n', PIPE_BUF - 1);
  if (end == std::string_view::npos) end = text.find('\n');
  return text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
}

Result<Fd> open_file(const std::string& path) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640));
  if (!fd)
    return fail("access log: cannot open " + path + ": " + errno_text(errno) +
                " (name a file that this process may write, or \"stderr\")");
  return fd;
}

/// Regular files take everything at once; a pipe, socket or terminal may have a reader that stands still.
bool can_block(int fd) {
  struct stat facts {};
  return ::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode);
}

}  // namespace

Result<AccessLog> AccessLog::open(const std::string& where) {
  AccessLog out;
  out.where_ = where;
  if (where.empty() || where == "off") return out;
  if (where == "stderr" || where == "stdout") {
    out.fd_ = where == "stderr" ? STDERR_FILENO : STDOUT_FILENO;
  } else {
    auto file = open_file(where);
    if (!file) return file.error();
    out.file_ = std::move(*file);
    out.fd_ = out.file_.get();
  }
  out.may_block_ = can_block(out.fd_);
  return out;
}

Result<void> AccessLog::reopen() {
  if (!file_) return {};
  auto file = open_file(where_);
  if (!file) return file.error();
  file_ = std::move(*file);
  fd_ = file_.get();
  may_block_ = can_block(fd_);
  return {};
}

/// Writes from the begin of `rest` and shortens it; false: it won't be taken.
bool AccessLog::write_some(std::string_view& rest) const {
  if (may_block_) {
    pollfd ready{fd_, POLLOUT, 0};
    if (::poll(&ready, 1, patience_ms) <= 0 || (ready.revents & POLLOUT) == 0) return false;
  }
  const auto size = ::write(fd_, rest.data(), may_block_ ? std::min<std::size_t>(rest.size(), PIPE_BUF) : rest.size());
  if (size < 0) return errno == EINTR || (errno == EAGAIN && may_block_);
  rest.remove_prefix(static_cast<std::size_t>(size));
  return true;
}

AccessLog::Written AccessLog::write(std::string_view lines) {
  Written out;
  while (!lines.empty()) {
    const std::string_view whole = may_block_ ? portion(lines) : lines;
    std::string_view rest = whole;
    while (!rest.empty() && write_some(rest)) {
    }
    const auto lost = line_count(rest);
    out.lines += line_count(whole) - lost;
    out.lost += lost;
    lines.remove_prefix(whole.size());
    if (rest.empty()) continue;
    out.lost += line_count(lines);  // it will not take the next ones either
    break;
  }
  return out;
}

}  // namespace belay::gateway::sight
