// Client: bytes to a Rig and replies from it, blocking.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rig.hpp"

namespace belay::gateway::test {

struct Answer {
  int status = 0;
  std::string head;  ///< with line ends
  std::string body;  ///< without its framing
  bool whole = true; ///< false: the connection ended before its framing did
  /// The value of a field (lower-case name), or nullopt.
  [[nodiscard]] std::optional<std::string> field(std::string_view name) const;
  [[nodiscard]] bool closes() const { return field("connection") == "close"; }
};

class Client {
 public:
  explicit Client(const Rig& rig);
  /// TLS, offering `alpn` when not empty.
  Client(const Rig& rig, SSL_CTX* tls, std::string_view alpn);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// False when the server has gone.
  bool send(std::string_view bytes);
  bool send_bytewise(std::string_view bytes);
  /// A request with Host and, where there is a body, Content-Length.
  bool request(std::string_view method, std::string_view target, std::string_view body = {}, std::string_view more = {});
  /// The next reply, interim ones too; status 0 when there is none.
  Answer answer(bool to_head = false);
  /// True when the connection ends (or is reset) with nothing more to read.
  bool at_end();
  /// Everything until the end.
  std::string rest();
  void half_close();
  /// Ends with a reset.
  void reset();
  void shrink_receive_buffer();
  [[nodiscard]] bool was_reset() const { return reset_; }
  [[nodiscard]] SSL* tls() const { return tls_.get(); }
  [[nodiscard]] bool greeted() const { return greeted_; }

 private:
  bool more();
  bool until(std::string_view mark, std::string& out);
  bool exactly(std::size_t size, std::string& out);
  bool read_chunks(std::string& out);

  Fd fd_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, SSL_free};
  bool greeted_ = false, reset_ = false, waited_in_vain_ = false;
  std::string in_;
};

}  // namespace belay::gateway::test
