#include "address.hpp"

namespace belay::openai {
namespace {

/// RFC 3986: everything but the unreserved characters.
std::string encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

}  // namespace

std::string address(std::string_view base_url, std::string_view path, const Options& options) {
  const std::size_t mark = base_url.find('?');
  std::string_view place = base_url.substr(0, mark),
                   query = mark == std::string_view::npos ? std::string_view() : base_url.substr(mark + 1);
  while (place.ends_with('/')) place.remove_suffix(1);
  while (path.starts_with('/')) path.remove_prefix(1);

  std::string out(place);
  out.append("/").append(path);
  char join = path.find('?') == std::string_view::npos ? '?' : '&';
  const auto add = [&out, &join](std::string_view parameters) {
    out.append(1, join).append(parameters);
    join = '&';
  };
  if (!query.empty()) add(query);
  for (const auto& [name, value] : options.query) add(encoded(name) + "=" + encoded(value));
  return out;
}

}  // namespace belay::openai
