// The spelling of sources.
#include <algorithm>
#include <cctype>

#include "credentials/settings.hpp"

namespace belay::credentials {
namespace {

// Never shows what was written: a key pasted without "literal:" is the likeliest mistake.
Error not_a_source() {
  return fail(
      "not a source; write env:NAME, file:PATH, file:PATH#/json/pointer, exec:COMMAND, keyring:SERVICE/ACCOUNT or "
      "literal:VALUE");
}

bool is_variable(std::string_view name) {
  const auto word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(), word);
}

bool is_pointer(std::string_view text) {
  if (text.empty() || text[0] != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) return false;
  }
  return true;
}

Result<Source> file_source(std::string_view place) {
  Source source;
  source.kind = Source::Kind::file;
  const std::size_t hash = place.find("#/");
  source.place = place.substr(0, hash);
  if (hash != std::string_view::npos) source.pointer = place.substr(hash + 1);
  if (source.place.empty() || source.place.back() == '#')
    return fail("a file source is file:PATH or file:PATH#/json/pointer");
  if (!source.pointer.empty() && !is_pointer(source.pointer)) {
    return fail(
        "the part after # of a file source is a JSON pointer such as /tokens/refresh_token (~ is written ~0, / in a "
        "name ~1)");
  }
  return source;
}

}  // namespace

Result<Source> parse_source(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return not_a_source();
  const std::string_view kind = text.substr(0, colon);
  const std::string_view place = text.substr(colon + 1);
  Source source;
  source.place = place;
  if (kind == "literal") {
    source.place.clear();
    source.value = Secret(place);
    if (place.empty()) return fail("a literal source needs a value: literal:VALUE");
    return source;
  }
  if (kind == "env") {
    source.kind = Source::Kind::env;
    if (!is_variable(place)) return fail("an environment source is env:NAME, with a name of letters, digits and _");
    return source;
  }
  if (kind == "file") return file_source(place);
  if (kind == "exec") {
    source.kind = Source::Kind::exec;
    if (place.find_first_not_of(" \t") == std::string_view::npos)
      return fail("an exec source needs a command: exec:COMMAND");
    return source;
  }
  if (kind == "keyring") {
    source.kind = Source::Kind::keyring;
    const std::size_t slash = place.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == place.size()) {
      return fail("a keyring source is keyring:SERVICE/ACCOUNT");
    }
    return source;
  }
  return not_a_source();
}

std::string Source::shown() const {
  switch (kind) {
    case Kind::env:
      return "env:" + place;
    case Kind::file:
      return "file:" + place + (pointer.empty() ? "" : "#" + pointer);
    case Kind::keyring:
      return "keyring:" + place;
    case Kind::exec: {  // arguments may hold secrets; the program's name does not
      const std::string program = place.substr(0, place.find_first_of(" \t\n"));
      const bool name = !program.empty() && std::all_of(program.begin(), program.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '/' || c == '.' || c == '_' || c == '-';
      });
      return name ? "exec:" + program + (program.size() < place.size() ? " ..." : "") : "exec:...";
    }
    case Kind::literal:
      break;
  }
  return "literal";
}

}  // namespace belay::credentials
