#include "splice.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace belay::credentials {
namespace {

/// One step of a pointer, ~1 and ~0 decoded.
std::string decoded(std::string_view step) {
  std::string name;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool escape = step[i] == '~' && i + 1 < step.size();
    name += escape ? (step[++i] == '1' ? '/' : '~') : step[i];
  }
  return name;
}

/// Whether a name as written in the text, escapes and all, is `name`.
bool is_named(std::string_view raw, const std::string& name) {
  if (raw.find('\\') == std::string_view::npos) return raw == name;
  const auto value = json::parse("\"" + std::string(raw) + "\"");
  return value && value->IsString() && json::view(*value) == name;
}

std::string with(std::string_view text, std::string_view old, std::string_view value) {
  const auto at = static_cast<std::size_t>(old.data() - text.data());
  std::string result(text.substr(0, at));
  result += value;
  result += text.substr(at + old.size());
  return result;
}

}  // namespace

Result<std::string> splice(std::string_view text, std::string_view pointer, std::string_view value) {
  if (pointer.empty() || pointer.front() != '/')
    return fail("the pointer " + std::string(pointer) + " names no member");
  std::string_view object = text;
  for (std::string_view rest = pointer.substr(1);;) {
    const std::size_t slash = rest.find('/');
    const std::string name = decoded(rest.substr(0, slash));
    const auto members = json::index_object(object);
    if (!members) return fail("there is no JSON object at or above " + std::string(pointer));
    const auto found = std::find_if(members->begin(), members->end(),
                                    [&](const json::Member& member) { return is_named(member.name, name); });
    const bool last = slash == std::string_view::npos;
    if (found == members->end()) {
      if (!last) return fail("there is nothing at " + std::string(pointer.substr(0, pointer.rfind('/'))));
      const std::string_view start = object.substr(object.find('{'), 1);
      return with(text, start, "{" + json::quoted(name) + ":" + std::string(value) + (members->empty() ? "" : ","));
    }
    if (last) return with(text, found->value, value);
    object = found->value;
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace belay::credentials
