// Which proxy a request goes through.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace belay::http {

/// Both as libcurl takes them; empty means none, and never "look into the environment".
struct ProxyChoice {
  std::string proxy;
  std::string except;  ///< NO_PROXY list, for a proxy that came from the environment
};

/// The proxy variables, with curl's rules: lower case wins, and HTTP_PROXY in capitals is not looked at, since a CGI
/// client can set it.
struct ProxyEnvironment {
  std::string http, https, all, except;

  /// `variable` returns the value of an environment variable, or nullptr.
  static ProxyEnvironment read(const std::function<const char*(const char*)>& variable);

  /// `configured` is EndpointSettings::proxy.
  [[nodiscard]] ProxyChoice choose(std::string_view configured, std::string_view scheme) const;
};

}  // namespace belay::http
