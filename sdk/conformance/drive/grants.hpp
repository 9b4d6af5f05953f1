// What the test host does for a plugin in a refresh: the scripted network, the sources, and the real refresh of belay.refresh/1 over both.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "belay/refresh.h"
#include "drive/cassette.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {

struct NetworkAnswer {
  belay_status status = BELAY_OK;  ///< else there was no reply
  std::string text;
  CassetteReply reply;
};
/// Notes the request and asks the check's `network` for its reply; without one it is a breach.
NetworkAnswer ask_network(const NetworkRequest&);

/// What a source gives now; nullopt: nothing.
std::optional<std::string> source_value(std::string_view name);

struct Granted {
  belay_refresh_out out{};
  std::vector<CassetteField> fields;
  std::string text;
};
/// belay.refresh/1 as the real host does it (host/credentials), for `api_key` and `oauth2`. `exec` runs nothing and is NOT_APPLICABLE, which is noted.
Granted refresh_grant(const belay_refresh_in&);

}  // namespace belay::conform
