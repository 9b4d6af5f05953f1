#include "target.hpp"

#include <algorithm>

namespace belay::gateway {
namespace {

/// Visible ASCII without "#": anything else must be percent-encoded, and a fragment is never sent.
bool clean(std::string_view target) {
  return std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

bool starts_with_scheme(std::string_view text, std::string_view scheme) {
  return text.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), text.begin(), [](char want, char c) { return want == (c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c); });
}

void split(std::string_view path_and_query, Target& out) {
  const std::size_t mark = path_and_query.find('?');
  out.path = path_and_query.substr(0, mark);
  if (mark != std::string_view::npos) out.query = path_and_query.substr(mark + 1);
}

Target absolute(std::string_view rest) {
  Target out;
  const std::size_t end = rest.find_first_of("/?");
  out.authority = rest.substr(0, end);
  if (out.authority.empty() || out.authority.find('@') != std::string_view::npos) return out;
  out.form = Target::Form::absolute;
  split(end == std::string_view::npos ? std::string_view() : rest.substr(end), out);
  if (out.path.empty()) out.path = "/";
  return out;
}

}  // namespace

Target read_target(std::string_view method, std::string_view target) {
  Target out;
  if (target.empty() || !clean(target)) return out;
  if (method == "CONNECT") {
    out.form = Target::Form::authority;
    return out;
  }
  if (target.front() == '/') {
    out.form = Target::Form::origin;
    split(target, out);
    return out;
  }
  if (target == "*" && method == "OPTIONS") {
    out.form = Target::Form::asterisk;
    out.path = target;
    return out;
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (starts_with_scheme(target, scheme)) return absolute(target.substr(scheme.size()));
  }
  return out;
}

}  // namespace belay::gateway
