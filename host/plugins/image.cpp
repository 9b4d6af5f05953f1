#include "image.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace belay::plugins {
namespace {

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U  // Linux 6.3: no mode bit to run it as a program; mapping it is not affected
#endif

/// Where vm.memfd_noexec = 2 the kernel gives no other kind; before 6.3 it does not know this one.
Fd nameless_file(const std::string& name) {
  constexpr unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  Fd file(::memfd_create(name.c_str(), flags | MFD_NOEXEC_SEAL));
  if (!file && errno == EINVAL) file = Fd(::memfd_create(name.c_str(), flags));
  return file;
}

bool write_whole(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

}  // namespace

Result<Image> Image::of(std::string_view bytes, const std::string& name) {
  Fd file = nameless_file(name.substr(0, 200));
  constexpr int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (!file || !write_whole(file.get(), bytes) || ::fcntl(file.get(), F_ADD_SEALS, seals) != 0)
    return fail("cannot be copied to be mapped: " + errno_text(errno));
  return Image(std::move(file));
}

Image::Image(Fd fd)
    : fd_(std::move(fd)), address_("/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(fd_.get())) {}

}  // namespace belay::plugins
