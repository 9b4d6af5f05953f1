#include "expiry.hpp"

#include <cmath>
#include <cstdlib>
#include <string>

#include "base/hash.hpp"

namespace belay::credentials {
namespace {

constexpr double milliseconds_from = 1e11;  // as seconds that is the year 5138, as milliseconds 1973
constexpr double latest = 253402300799e3;   // the end of the year 9999

std::optional<UnixMs> from_number(double number) {
  const double ms = number < milliseconds_from ? number * 1000 : number;
  if (!(ms > 0) || ms > latest) return std::nullopt;
  return static_cast<UnixMs>(ms);
}

}  // namespace

std::optional<UnixMs> read_moment(const json::Value& value) {
  if (value.IsNumber()) return from_number(value.GetDouble());
  if (!value.IsString()) return std::nullopt;
  const std::string text(json::view(value));
  if (auto moment = parse_rfc3339(text)) return moment;
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return std::nullopt;
  return from_number(number);
}

Lifetime jwt_lifetime(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return {};
  const auto claims = base64_decode(token.substr(first + 1, second - first - 1));
  if (!claims) return {};
  const auto document = json::parse(*claims, {.bytes = 64u << 10, .depth = 16});
  if (!document) return {};
  const auto moment = [&](std::string_view name) -> std::optional<UnixMs> {
    const auto seconds = json::number_at(*document, name);
    return seconds && *seconds < milliseconds_from ? from_number(*seconds) : std::nullopt;
  };
  return {moment("exp"), moment("iat")};
}

std::string expiry_member_beside(const json::Value& document, std::string_view pointer) {
  const std::size_t slash = pointer.rfind('/');
  const json::Value* parent = slash == std::string_view::npos ? nullptr : json::at(document, pointer.substr(0, slash));
  if (parent == nullptr) return {};
  for (const char* name : {"expires_at", "expiresAt", "expiry_date", "expiry", "expires", "expiration"}) {
    const json::Value* member = json::find(*parent, name);
    if (member != nullptr && read_moment(*member)) return name;
  }
  return {};
}

std::optional<UnixMs> expiry_beside(const json::Value& document, std::string_view pointer) {
  const std::string name = expiry_member_beside(document, pointer);
  if (name.empty()) return std::nullopt;
  return read_moment(*json::at(document, std::string(pointer.substr(0, pointer.rfind('/') + 1)) + name));
}

}  // namespace belay::credentials
