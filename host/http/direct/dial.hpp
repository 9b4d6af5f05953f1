// Dial: one connection being made, from a host's name to a connected socket.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/file.hpp"
#include "base/loop.hpp"
#include "base/origin.hpp"
#include "direct/resolver.hpp"
#include "http/client.hpp"

namespace belay::http {

/// Tries the addresses of a host one after the other, the one that answered last first. Each gets an equal share of the
/// time that is left, so that one that swallows packets does not hide the next. Destroying it gives up. [loop thread]
class Dial final : private Watcher, private Resolver::Waiter {
 public:
  /// Told once, from inside begin() or later; may destroy the dial in the call.
  class Owner {
   public:
    virtual void dialed(Fd connected) = 0;
    virtual void not_dialed(Failure failure, const std::string& what) = 0;

   protected:
    ~Owner() = default;
  };

  /// `span` covers the name lookup and all addresses.
  Dial(Loop& loop, Resolver& resolver, const Origin& to, Millis span, Owner& owner);
  ~Dial();
  void begin();

 private:
  enum class Try : std::uint8_t { connected, waiting, failed };

  void resolved(std::shared_ptr<Addresses> addresses, const std::string& why) override;
  void on_ready(std::uint32_t events) override;
  void expired();
  void next();
  Try connect(sockaddr_storage address);
  void connected();
  void hang_up();

  Loop& loop_;
  Resolver& resolver_;
  const Origin& to_;
  Owner& owner_;
  std::shared_ptr<Addresses> addresses_;
  std::size_t tried_ = 0, at_ = 0;
  Fd fd_;
  int error_ = 0;  // of the last address
  Millis span_;
  MonoTime end_;
  Timer timer_;
};

}  // namespace belay::http
