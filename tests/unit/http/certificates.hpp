// Certificates: a CA made for the test, and servers' TLS settings signed by it.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace belay::http::test {

/// A CA, a certificate for 127.0.0.1 and localhost, and their files in a folder that goes away with this object.
class Certificates {
 public:
  Certificates();
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  [[nodiscard]] std::string ca_file() const { return folder_ + "/ca.pem"; }
  [[nodiscard]] std::string certificate_file() const { return folder_ + "/server.pem"; }
  [[nodiscard]] std::string key_file() const { return folder_ + "/server.key"; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// For a Server; speaks HTTP/1.1 only.
  [[nodiscard]] SSL_CTX* server() const { return server_.get(); }

 private:
  std::string folder_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> server_;
};

}  // namespace belay::http::test
