// How a refresh and its result cross the pipe between a one-shot command and its detached child: one JSON line each.
// What an upstream said may be any bytes, so headers and body travel as base64. Nothing here is a secret of ours, but
// what upstream said could be one: the pipe is private.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "credentials/store.hpp"

namespace belay::cli {

/// A waiter's moment travels as what is left of it: `now` is each side's own.
std::string encode(const credentials::RefreshRequest& request, MonoTime now);
Result<credentials::RefreshRequest> decode_request(std::string_view line, MonoTime now);

std::string encode(const credentials::RefreshResult& result);
Result<credentials::RefreshResult> decode_result(std::string_view line);

}  // namespace belay::cli
