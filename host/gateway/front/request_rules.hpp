// What a head must be beyond its syntax: framed in one way only, meant for us, asking for what we can do. RFC 9112 6, RFC 9110 7.2, 10.1.1.
#pragma once

#include <cstdint>
#include <optional>

#include "front/front.hpp"
#include "parser.hpp"
#include "target.hpp"

namespace belay::gateway {

struct Framing {
  enum class Body : std::uint8_t { none, sized, chunked };
  Body body = Body::none;
  std::uint64_t size = 0;         ///< when sized
  bool expects_continue = false;
};

/// Where a connection came in.
enum class Door : std::uint8_t { loopback, unix_socket, open };

std::optional<Refusal> read_framing(const RawHead& head, Framing& out);
std::optional<Refusal> check_target(const RawHead& head, const Target& target);
/// Host and Origin.
std::optional<Refusal> check_source(const RawHead& head, const Target& target, Door door, const FrontSettings& settings);

}  // namespace belay::gateway
