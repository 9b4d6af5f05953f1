// Nginx: a real HTTP/2 server in front of a test's own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "certificates.hpp"

namespace belay::http::test {

/// Terminates TLS with HTTP/2 and hands requests on to `backend` (a port) unbuffered. Own process, own folder, ends
/// with this object.
class Nginx {
 public:
  static bool installed();
  Nginx(const Certificates& certificates, std::uint16_t backend);
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  [[nodiscard]] std::string url(const std::string& path = "/") const {
    return "https://127.0.0.1:" + std::to_string(port_) + path;
  }
  /// Connections it accepted so far.
  [[nodiscard]] int connections() const;

 private:
  std::string folder_;
  std::uint16_t port_ = 0, status_port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace belay::http::test
