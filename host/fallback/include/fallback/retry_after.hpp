// How long a reply asks to be left alone, from its headers: seconds, dates and the exact forms that providers add.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace belay::fallback {

using Headers = std::vector<std::pair<std::string, std::string>>;  ///< names in lower case

/// The most exact one of retry-after-ms, retry-after (RFC 9110 10.2.3: seconds, or a date compared with the reply's own Date where it has one).
/// A negative or unreadable value counts as none, an absurd one as a year.
std::optional<Millis> retry_after(const Headers& headers, UnixMs now);

}  // namespace belay::fallback
