// Address: what all requests to one URL have in common, worked out once per URL.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/origin.hpp"
#include "base/result.hpp"
#include "curl.hpp"
#include "headers.hpp"
#include "http/client.hpp"
#include "proxy.hpp"

namespace belay::http {

class Exchange;
class ShardGroup;
struct Site;

/// A URL that libcurl and base/origin.hpp agree on. They parse separately, and a URL that one of them reads differently
/// could carry a secret to a host that was never checked; such a URL is refused.
struct CheckedUrl {
  Url parsed;
  Origin origin;

  static Result<CheckedUrl> parse(const std::string& url);
  /// `location` of a redirect, absolute or relative to this URL.
  [[nodiscard]] Result<CheckedUrl> follow(const std::string& location) const;
  /// Path and query, as a request line has them.
  [[nodiscard]] std::string target() const;
};

/// Which protocol the host spoke when we last connected over TLS.
enum class Spoken : std::uint8_t { unknown, http1, http2 };

struct Address {
  std::string ca_file, proxy;  ///< as configured; part of the key
  CheckedUrl url;
  std::string origin_text;  ///< "https://api.example.org"
  std::string place;        ///< "api.example.org:443", for messages
  ProxyChoice via;
  bool tls = false;
  Spoken spoken = Spoken::unknown;
  ShardGroup* group = nullptr;
  std::shared_ptr<Site> site;  ///< its connections, when it is reached directly

  Address(CheckedUrl checked, const EndpointSettings& endpoint, ProxyChoice choice);
  ~Address();
  /// True when a secret bound to `patterns` may go here.
  [[nodiscard]] bool admits(const std::vector<std::string>& patterns) const;
  /// For a Host header.
  [[nodiscard]] std::string host_text() const;

  /// The request's headers, built anew unless one of the last few requests had the same.
  Result<std::shared_ptr<HeaderLines>> lines(const Request& request);
  /// An easy handle that is set up for this address, or null.
  std::unique_ptr<Exchange> take_spare();
  void give_spare(std::unique_ptr<Exchange> exchange);

 private:
  std::vector<std::shared_ptr<HeaderLines>> recent_;
  std::size_t oldest_ = 0;
  std::vector<std::unique_ptr<Exchange>> spare_;
};

/// The addresses in use and recently used ones. One per client.
class AddressBook {
 public:
  explicit AddressBook(ProxyEnvironment environment) : environment_(std::move(environment)) {}

  Result<std::shared_ptr<Address>> find(const std::string& url, const EndpointSettings* endpoint);
  void clear() { known_.clear(); }

 private:
  ProxyEnvironment environment_;
  std::unordered_multimap<std::string, std::shared_ptr<Address>> known_;
};

}  // namespace belay::http
