#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "listen.hpp"

namespace belay::gateway {
namespace {

constexpr mode_t mode = 0660;  // its owner and group

sockaddr_un address_of(const std::string& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  std::memcpy(out.sun_path, path.data(), path.size());
  return out;
}

Fd new_socket() { return Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)); }

bool bind_to(const Fd& fd, const sockaddr_un& address) { return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0; }

enum class Finding { stale, answered, no_socket, unknown };

/// What is in the way. A socket file outlives a server that was killed; nobody answers there.
Finding look_at(const std::string& path, const sockaddr_un& address) {
  struct stat about{};
  if (::lstat(path.c_str(), &about) != 0) return errno == ENOENT ? Finding::stale : Finding::unknown;
  if (!S_ISSOCK(about.st_mode)) return Finding::no_socket;
  const Fd probe = new_socket();
  if (!probe) return Finding::unknown;
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN) return Finding::answered;
  return errno == ECONNREFUSED ? Finding::stale : Finding::unknown;
}

Error cannot(const std::string& path, int code) {
  const std::string place = "cannot listen on unix:" + path + ": ";
  if (code == ENOENT) return fail(place + "its folder does not exist (make it first)");
  if (code == EACCES || code == EPERM) return fail(place + "its folder may not be written by this user");
  return fail(place + errno_text(code));
}

}  // namespace

Result<std::vector<Listener>> listen_unix(const std::string& path) {
  if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path) || path.find('\0') != std::string::npos)
    return fail("cannot listen on \"unix:" + path + "\": the path must have 1 to " + std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " characters");
  const sockaddr_un address = address_of(path);
  Fd fd = new_socket();
  if (!fd) return cannot(path, errno);
  ::fchmod(fd.get(), mode);  // before there is a file, so that it never has more than these rights, whatever the umask
  if (!bind_to(fd, address)) {
    if (errno != EADDRINUSE) return cannot(path, errno);
    switch (look_at(path, address)) {
      case Finding::answered: return fail("cannot listen on unix:" + path + ": another program listens there already (stop it, or choose another path)");
      case Finding::no_socket: return fail("cannot listen on unix:" + path + ": there is a file of that name that is no socket (remove it, or choose another path)");
      case Finding::unknown: return cannot(path, errno);
      case Finding::stale: ::unlink(path.c_str()); break;
    }
    if (!bind_to(fd, address)) return cannot(path, errno);
  }
  if (::chmod(path.c_str(), mode) != 0 || ::listen(fd.get(), listen_backlog) != 0) return cannot(path, errno);
  std::vector<Listener> out;
  out.push_back({std::move(fd), "unix:" + path, true});
  return out;
}

}  // namespace belay::gateway
