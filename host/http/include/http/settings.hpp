// What a person may configure about reaching one provider.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace belay::http {

struct EndpointSettings {
  std::vector<std::pair<std::string, std::string>>
      headers;          ///< sent with every request to this provider; never carried elsewhere
  std::string ca_file;  ///< PEM bundle instead of the system's; empty: the system's
  std::string proxy;    ///< "http://proxy:3128", "socks5h://..."; empty: from the environment; "none": direct
};

}  // namespace belay::http
