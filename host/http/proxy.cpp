#include "proxy.hpp"

namespace belay::http {

ProxyEnvironment ProxyEnvironment::read(const std::function<const char*(const char*)>& variable) {
  const auto first = [&](const char* lower, const char* upper) -> std::string {
    if (const char* value = variable(lower)) return value;
    const char* value = upper ? variable(upper) : nullptr;
    return value ? value : "";
  };
  return {first("http_proxy", nullptr), first("https_proxy", "HTTPS_PROXY"), first("all_proxy", "ALL_PROXY"),
          first("no_proxy", "NO_PROXY")};
}

ProxyChoice ProxyEnvironment::choose(std::string_view configured, std::string_view scheme) const {
  if (configured == "none") return {};
  if (!configured.empty()) return {std::string(configured), ""};
  const std::string& own = scheme == "https" ? https : http;
  const std::string& proxy = own.empty() ? all : own;
  if (proxy.empty()) return {};
  return {proxy, except};
}

}  // namespace belay::http
