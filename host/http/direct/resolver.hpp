// Resolver: host names to addresses without stopping the loop.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/loop.hpp"
#include "base/time.hpp"

namespace belay::http {

/// Where a host can be reached, in the order to try. Ports are left open.
struct Addresses {
  std::vector<sockaddr_storage> list;
  std::size_t first = 0;  ///< the one that answered last
  MonoTime until = MonoTime::max();
};

/// Numbers and "localhost" are known at once. Names are looked up by getaddrinfo (so /etc/hosts counts) on threads that
/// all resolvers of the process share, and are remembered for a minute; a failed lookup is not. [loop thread]
class Resolver {
 public:
  class Waiter {
   public:
    /// `addresses` is null when there are none; `why` then says so for people. Not called from inside ask().
    virtual void resolved(std::shared_ptr<Addresses> addresses, const std::string& why) = 0;

   protected:
    ~Waiter() = default;
  };

  explicit Resolver(Loop& loop);
  /// Does not wait for lookups that hang.
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// Without a lookup, or null. `host` is as in base/origin.hpp: "[::1]" has its brackets.
  std::shared_ptr<Addresses> known(const std::string& host);
  /// `waiter` is told once, unless it is forgotten before. Who asks for the same host meanwhile shares the lookup.
  void ask(const std::string& host, Waiter& waiter);
  void forget(Waiter& waiter);

 private:
  struct Mailbox;
  void remember(const std::string& host, std::shared_ptr<Addresses> addresses);
  void arrived(const std::string& host, std::shared_ptr<Addresses> addresses, const std::string& why);

  Loop& loop_;
  std::unordered_map<std::string, std::shared_ptr<Addresses>> names_;
  std::unordered_map<std::string, std::vector<Waiter*>> asked_;  // null: forgotten
  std::shared_ptr<Mailbox> mailbox_;
};

}  // namespace belay::http
