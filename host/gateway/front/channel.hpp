// Channel: the bytes of one connection, plain or TLS, never blocking. [loop thread]
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/file.hpp"
#include "front/front.hpp"

namespace belay::gateway {

class Channel {
 public:
  enum class State : std::uint8_t {
    ok,
    again,     ///< nothing now
    end,       ///< the client will send no more
    broken,    ///< reset, or TLS that can't go on
    not_tls,   ///< plain HTTP on a TLS port; the channel is plain from now on
  };
  struct Done {
    std::size_t size = 0;
    State state = State::ok;
  };

  /// `tls`: null: plain.
  Channel(Fd fd, const Tls* tls);

  [[nodiscard]] int fd() const { return fd_.get(); }
  Done read(char* into, std::size_t size);
  /// Perhaps less than all of it; what is left must be offered again before anything else.
  Done write(std::string_view bytes);
  /// Plain only: both in one call.
  Done write(std::string_view first, std::string_view second);
  /// Whatever comes, for nobody.
  Done discard(char* into, std::size_t size);

  [[nodiscard]] bool is_tls() const { return tls_ != nullptr; }
  [[nodiscard]] bool handshaking() const { return tls_ && SSL_is_init_finished(tls_.get()) == 0; }
  /// Bytes were read from the socket already, so that it may not become readable for them.
  [[nodiscard]] bool holds_more() const { return tls_ && SSL_has_pending(tls_.get()) == 1; }
  /// The last read waits for room to write (a handshake).
  [[nodiscard]] bool wants_out() const { return wants_out_; }

  enum class Farewell : std::uint8_t { said, unsaid };
  /// The client reads to the end of what was written, then sees the end. Unsaid: without TLS's close_notify, as for a reply that is not whole.
  void finish(Farewell farewell);
  /// Closing will look like a failure to the client.
  void reset_on_close();
  void close();

 private:
  Done tls_failed(int result);

  Fd fd_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, SSL_free};
  bool wants_out_ = false;
};

}  // namespace belay::gateway
