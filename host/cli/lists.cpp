#include "lists.hpp"

#include <algorithm>

#include "base/diagnostic.hpp"

namespace belay::cli {

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

std::string meant_by(std::string_view word, const std::vector<std::string>& known) {
  const auto begun = std::find_if(known.begin(), known.end(),
                                  [&](const std::string& one) { return word.size() > 1 && one.starts_with(word); });
  return begun != known.end() ? *begun : suggest(word, known);
}

std::string counted(std::size_t n, std::string_view what) {
  std::string text = std::to_string(n) + " ";
  text += what;
  if (n != 1) text += 's';
  return text;
}

void write_text(json::Writer& to, std::string_view name, std::string_view value) {
  json::key(to, name), json::str(to, value);
}

void write_list(json::Writer& to, std::string_view name, const std::vector<std::string>& values) {
  json::key(to, name), to.StartArray();
  for (const std::string& value : values) json::str(to, value);
  to.EndArray();
}

std::string line_of(const json::Buffer& buffer) {
  std::string line(json::view(buffer));
  line += '\n';
  return line;
}

}  // namespace belay::cli
