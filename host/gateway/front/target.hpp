// The four forms of a request target (RFC 9112 3.2).
#pragma once

#include <cstdint>
#include <string_view>

namespace belay::gateway {

struct Target {
  enum class Form : std::uint8_t { bad, origin, absolute, authority, asterisk };
  Form form = Form::bad;
  std::string_view path, query;
  std::string_view authority;  ///< absolute form: beats the Host field
};

Target read_target(std::string_view method, std::string_view target);

}  // namespace belay::gateway
