// Spans of one request as OTLP JSON (OpenTelemetry protocol 1.x, proto3 JSON mapping: ids in hex, 64-bit numbers as
// strings, enums as numbers). Names are those of the semantic conventions for HTTP servers and generative AI (1.37);
// what is ours begins with "belay.".
#pragma once

#include <string>
#include <string_view>

#include "kept.hpp"
#include "provider_facts.hpp"

namespace belay::gateway::sight {

/// Appends the SERVER span of the request and a CLIENT span for each attempt, separated by commas. Returns how many.
/// Not scrubbed yet.
std::size_t append_spans(std::string& to, const Kept& kept, const Providers& providers);

/// The body of one request to /v1/traces around spans that stand comma-separated in `spans`.
std::string export_body(std::string_view service_name, std::string_view spans);

}  // namespace belay::gateway::sight
