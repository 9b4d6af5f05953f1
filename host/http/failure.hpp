// The one place that knows libcurl's error codes.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "http/client.hpp"

namespace belay::http {

/// How far a transfer had come when it failed: the same code means different things before and after.
struct Progress {
  bool connected = false;  ///< the request went out, or was about to
  bool head_seen = false;
};

/// What `code` means. `place` is host:port; `detail` libcurl's own words, may be empty; `system` an errno, 0 if none.
Done describe(CURLcode code, Progress progress, const std::string& place, std::string_view detail, int system);

}  // namespace belay::http
