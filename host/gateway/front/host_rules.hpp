// Who a browser may be speaking for. A page of any web site can send requests to this machine; two fields that pages can't forge tell them apart:
// Host (a name that was made to point here, "DNS rebinding", is not ours) and Origin (whose page it is). Pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace belay::gateway {

/// A value that a Host field may have: a name, an IPv4 address or an IPv6 address in brackets, with or without a port.
bool well_formed_host(std::string_view host);
/// localhost, 127.0.0.0/8 or [::1], with any port.
bool is_loopback_host(std::string_view host);
/// A loopback host, or one of `hosts`: a name there stands for all ports, a name with a port for that one.
bool host_allowed(std::string_view host, std::span<const std::string> hosts);
/// An origin of http or https on a loopback host, or one of `origins`. "null" never is.
bool origin_allowed(std::string_view origin, std::span<const std::string> origins);

}  // namespace belay::gateway
