#include "direct/resolver.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

#include "base/file.hpp"
#include "base/workers.hpp"

namespace belay::http {
namespace {

/// As long as libcurl remembers.
constexpr Millis remembered_for{60'000};
constexpr std::size_t most_names = 256;
/// Lookups at a time in the whole process; a resolver that hangs holds one for some 10 s.
constexpr std::size_t most_lookups = 16;

/// Never destroyed: the end of a process does not wait for a lookup that hangs.
Workers& lookups() {
  static auto* const workers = new Workers(most_lookups);
  return *workers;
}

void add_v4(Addresses& to, in_addr address) {
  sockaddr_storage room{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(room);
  v4.sin_family = AF_INET;
  v4.sin_addr = address;
  to.list.push_back(room);
}

void add_v6(Addresses& to, const in6_addr& address) {
  sockaddr_storage room{};
  auto& v6 = reinterpret_cast<sockaddr_in6&>(room);
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = address;
  to.list.push_back(room);
}

std::shared_ptr<Addresses> numeric(const std::string& host) {
  auto addresses = std::make_shared<Addresses>();
  in_addr v4{};
  in6_addr v6{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1)
    add_v4(*addresses, v4);
  else if (host.size() > 2 && host.front() == '[' &&
           ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6) == 1)
    add_v6(*addresses, v6);
  else
    return nullptr;
  return addresses;
}

/// RFC 6761 6.3: never asked of anybody. In libcurl's order.
std::shared_ptr<Addresses> loopback() {
  auto addresses = std::make_shared<Addresses>();
  add_v6(*addresses, in6addr_loopback);
  add_v4(*addresses, in_addr{htonl(INADDR_LOOPBACK)});
  return addresses;
}

struct Found {
  std::shared_ptr<Addresses> addresses;
  std::string why;
};

/// [worker thread]
Found look_up(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &wanted, &list);
  const int system = errno;
  if (code != 0) return {nullptr, code == EAI_SYSTEM ? errno_text(system) : ::gai_strerror(code)};
  auto addresses = std::make_shared<Addresses>();
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    sockaddr_storage room{};
    std::memcpy(&room, entry->ai_addr, std::min<std::size_t>(entry->ai_addrlen, sizeof room));
    addresses->list.push_back(room);
  }
  ::freeaddrinfo(list);
  if (addresses->list.empty()) return {nullptr, "it has no address"};
  return {std::move(addresses), ""};
}

}  // namespace

/// How a lookup finds back: the loop and its resolver may be gone by then.
struct Resolver::Mailbox {
  std::mutex mutex;
  Loop* loop;          // guarded by mutex; null: gone
  Resolver* resolver;  // loop thread
};

Resolver::Resolver(Loop& loop) : loop_(loop), mailbox_(std::make_shared<Mailbox>()) {
  mailbox_->loop = &loop_;
  mailbox_->resolver = this;
}

Resolver::~Resolver() {
  const std::lock_guard lock(mailbox_->mutex);
  mailbox_->loop = nullptr;
  mailbox_->resolver = nullptr;
}

std::shared_ptr<Addresses> Resolver::known(const std::string& host) {
  const auto found = names_.find(host);
  if (found != names_.end()) {
    if (found->second->until > loop_.now()) return found->second;
    names_.erase(found);
  }
  const bool local = host == "localhost" || host.ends_with(".localhost");
  auto addresses = local ? loopback() : numeric(host);
  if (local) remember(host, addresses);  // which of the two answers is worth knowing
  return addresses;
}

void Resolver::remember(const std::string& host, std::shared_ptr<Addresses> addresses) {
  if (names_.size() >= most_names) names_.clear();
  names_[host] = std::move(addresses);
}

void Resolver::ask(const std::string& host, Waiter& waiter) {
  auto& waiting = asked_[host];
  waiting.push_back(&waiter);
  if (waiting.size() > 1) return;
  lookups().run([mailbox = mailbox_, host] {
    const Found found = look_up(host);
    const std::lock_guard lock(mailbox->mutex);
    if (mailbox->loop == nullptr) return;
    mailbox->loop->post([mailbox, host, found] {
      if (mailbox->resolver != nullptr) mailbox->resolver->arrived(host, found.addresses, found.why);
    });
  });
}

void Resolver::forget(Waiter& waiter) {
  for (auto& [host, waiting] : asked_)
    std::replace(waiting.begin(), waiting.end(), &waiter, static_cast<Waiter*>(nullptr));
}

void Resolver::arrived(const std::string& host, std::shared_ptr<Addresses> addresses, const std::string& why) {
  if (addresses) {
    addresses->until = loop_.now() + remembered_for;
    remember(host, addresses);
  }
  // Whoever is told may ask again, and may take others out of the list.
  std::vector<Waiter*>& waiting = asked_[host];
  for (std::size_t i = 0; i < waiting.size(); ++i)
    if (Waiter* const waiter = std::exchange(waiting[i], nullptr)) waiter->resolved(addresses, why);
  asked_.erase(host);
}

}  // namespace belay::http
