#include "names.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <map>
#include <mutex>

namespace belay::http::test {
namespace {

struct Name {
  std::vector<std::string> addresses;
  HangingLookup* hanging = nullptr;
  int lookups = 0;
};

std::mutex mutex;
std::map<std::string, Name>& names() {
  static auto* const all = new std::map<std::string, Name>;
  return *all;
}

std::optional<Name> look_up(const char* host) {
  const std::lock_guard lock(mutex);
  const auto found = names().find(host);
  if (found == names().end()) return std::nullopt;
  ++found->second.lookups;
  return found->second;
}

}  // namespace

void give_name(const std::string& host, std::vector<std::string> addresses) {
  const std::lock_guard lock(mutex);
  names()[host].addresses = std::move(addresses);
}

HangingLookup& hang_name(const std::string& host) {
  const std::lock_guard lock(mutex);
  return *(names()[host].hanging = new HangingLookup);  // NOLINT: see names.hpp
}

int lookups_of(const std::string& host) {
  const std::lock_guard lock(mutex);
  return names()[host].lookups;
}

}  // namespace belay::http::test

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  const auto name = node != nullptr ? belay::http::test::look_up(node) : std::nullopt;
  if (!name) return real(node, service, hints, result);
  if (name->hanging != nullptr) {
    name->hanging->begun.set();
    name->hanging->may_end.wait();
    return EAI_AGAIN;
  }
  // Each list has one entry; freeaddrinfo frees a chain entry by entry.
  addrinfo** end = result;
  for (const std::string& address : name->addresses) {
    if (const int code = real(address.c_str(), service, hints, end)) return code;
    end = &(*end)->ai_next;
  }
  return name->addresses.empty() ? EAI_NONAME : 0;
}
