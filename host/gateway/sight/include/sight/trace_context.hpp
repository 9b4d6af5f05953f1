// W3C Trace Context (Level 1): traceparent in and out.
#pragma once

#include <string>
#include <string_view>

#include "sight/record.hpp"

namespace belay::gateway {

/// What a request's `traceparent` says, with a span of our own below it; a new trace when it is absent or not valid.
TraceContext trace_context(std::string_view traceparent);

/// `context` as the header that a request below it carries.
std::string traceparent(const TraceContext& context);

}  // namespace belay::gateway
