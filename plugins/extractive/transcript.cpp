#include "transcript.hpp"

#include <array>
#include <optional>
#include <utility>

#include "text.hpp"

namespace belay::extractive {

namespace {

constexpr std::array<std::pair<std::string_view, Role>, 12> words = {{{"user", Role::user},
                                                                      {"human", Role::user},
                                                                      {"customer", Role::user},
                                                                      {"assistant", Role::assistant},
                                                                      {"agent", Role::assistant},
                                                                      {"model", Role::assistant},
                                                                      {"bot", Role::assistant},
                                                                      {"ai", Role::assistant},
                                                                      {"tool", Role::tool},
                                                                      {"function", Role::tool},
                                                                      {"system", Role::system},
                                                                      {"developer", Role::system}}};

struct Marker {
  Role role;
  std::string_view rest;  ///< of the line
};

/// What follows the role's word until the text begins: "]:", ":**", ">", " RESULT x]:"; nothing at all only in a
/// heading.
std::optional<std::string_view> after_word(std::string_view rest, bool opened, bool heading) {
  if (opened) {
    const std::size_t close = rest.substr(0, 60).find_first_of("]>)");
    if (close == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(close + 1);
    if (!rest.empty() && rest.front() == ':') rest.remove_prefix(1);
    return rest;
  }
  if (rest.starts_with(" result") || rest.starts_with(" output")) rest.remove_prefix(7);
  while (rest.starts_with('*')) rest.remove_prefix(1);
  if (!rest.starts_with(':')) return heading && trimmed(rest).empty() ? std::optional(rest) : std::nullopt;
  rest.remove_prefix(1);
  while (rest.starts_with('*')) rest.remove_prefix(1);
  return rest;
}

std::optional<Marker> marker_of(std::string_view line) {
  std::string_view rest = trimmed(line);
  bool heading = false;
  while (rest.starts_with('#') || rest.starts_with('*')) {
    heading = true;
    rest.remove_prefix(1);
  }
  rest = trimmed(rest);
  const bool opened = !rest.empty() && (rest.front() == '[' || rest.front() == '<' || rest.front() == '(');
  if (opened) rest.remove_prefix(1);
  for (const auto& [word, role] : words) {
    if (rest.size() < word.size() || hash(rest.substr(0, word.size())) != hash(word)) continue;
    std::string_view tail = rest.substr(word.size());
    if (!tail.empty() && is_alnum(tail.front())) continue;
    if (const auto text = after_word(tail, opened, heading)) return Marker{role, *text};
  }
  return std::nullopt;
}

}  // namespace

Transcript transcript_in(std::string_view text) {
  Transcript out;
  std::string_view rest = text;
  const char* begin = nullptr;
  Role role = Role::user;
  const auto close = [&](const char* end) {
    if (begin == nullptr) return;
    const auto said = trimmed({begin, static_cast<std::size_t>(end - begin)});
    if (!said.empty()) out.turns.push_back({role, role == Role::tool ? Kind::output : Kind::prose, said});
  };
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    const auto marker = marker_of(line);
    if (!marker) continue;
    if (begin == nullptr) out.before = text.substr(0, static_cast<std::size_t>(line.data() - text.data()));
    close(line.data());
    begin = marker->rest.data();
    role = marker->role;
  }
  close(text.data() + text.size());
  if (out.turns.size() < 2) return {};
  return out;
}

}  // namespace belay::extractive
