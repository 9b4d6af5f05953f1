// The request's body on its way out: as it came, or with members left out, renamed or added by what the options say.
// Spans are copied, nothing is parsed.
#pragma once

#include "belay/cpp/sinks.hpp"
#include "belay/cpp/views.hpp"
#include "options.hpp"

namespace belay::openai {

/// Writes the body of `request`. BELAY_ERR_UNSUPPORTED when the options drop a member that must not be ignored.
sdk::Status write_body(const sdk::Request& request, const Options& options, sdk::Writer& writer);

}  // namespace belay::openai
