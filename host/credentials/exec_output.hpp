// What a credential command may print: a bare token, a Kubernetes ExecCredential or an AWS credential_process document.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "credentials/refresh.hpp"

namespace belay::credentials {

/// The fields are "secret" for a token; "certificate" and "key" beside or instead of it; "access_key_id",
/// "secret_access_key", "session_token".
struct ExecCredential {
  std::vector<Field> fields;
  std::optional<UnixMs> expires;  ///< nullopt: not told, good until it is refused
};

/// The error says what is wrong with the output and never quotes it.
Result<ExecCredential> parse_exec_output(std::string_view output);

/// Whether `value` can stand in a header: one line, no control characters, not too long.
bool fits_header(std::string_view value);

}  // namespace belay::credentials
