#include "toml.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "text_guard.hpp"

// Its assertions abort the process on input such as "[$]" in every build without NDEBUG; without them the same input is
// a normal error.
// Compiled in: Debian's shared library is built with exceptions, and one unit of it is all we need.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0
#define TOML_MAX_NESTED_VALUES 48
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <toml++/toml.h>
#pragma GCC diagnostic pop

namespace belay::config {
namespace {

Place place_of(const toml::source_region& region, std::uint32_t file) {
  return {file, region.begin.line, region.begin.column};
}

Node convert(const toml::node& from, std::uint32_t file);

void convert_table(const toml::table& from, std::uint32_t file, Node& to) {
  to.items.reserve(from.size());
  for (const auto& [key, value] : from) {
    Node member = convert(value, file);
    member.key = key.str();
    member.key_place = place_of(key.source(), file);
    if (member.kind == Node::Kind::array) {
      for (Node& item : member.items) item.key = member.key;
    }
    to.items.push_back(std::move(member));
  }
  // toml++ sorts by name; people mean the order they wrote, of providers and routes for one.
  std::stable_sort(to.items.begin(), to.items.end(), [](const Node& a, const Node& b) {
    return std::pair(a.key_place.line, a.key_place.column) < std::pair(b.key_place.line, b.key_place.column);
  });
}

Node convert(const toml::node& from, std::uint32_t file) {
  Node to;
  to.place = to.key_place = place_of(from.source(), file);
  if (const auto* table = from.as_table()) {
    convert_table(*table, file, to);
  } else if (const auto* array = from.as_array()) {
    to.kind = Node::Kind::array;
    to.items.reserve(array->size());
    for (const toml::node& item : *array) to.items.push_back(convert(item, file));
  } else if (const auto* text = from.as_string()) {
    to.kind = Node::Kind::string;
    to.text = text->get();
  } else if (const auto* integer = from.as_integer()) {
    to.kind = Node::Kind::integer;
    to.integer = integer->get();
  } else if (const auto* number = from.as_floating_point()) {
    to.kind = Node::Kind::number;
    to.number = number->get();
  } else if (const auto* boolean = from.as_boolean()) {
    to.kind = Node::Kind::boolean;
    to.boolean = boolean->get();
  } else {
    to.kind = Node::Kind::date;
  }
  return to;
}

/// Quotes of more than one character are keys in the messages about redefinition, and pieces of values in all others.
std::string without_values(std::string_view message) {
  if (message.find("cannot redefine") != std::string_view::npos ||
      message.find("cannot insert") != std::string_view::npos)
    return printable(message);
  std::string out;
  while (!message.empty()) {
    const std::size_t open = message.find('\'');
    const std::size_t close = open == std::string_view::npos ? open : message.find('\'', open + 1);
    if (close == std::string_view::npos) break;
    const auto quoted = message.substr(open + 1, close - open - 1);
    out += message.substr(0, open);
    out += quoted.size() <= 2 ? "'" + std::string(quoted) + "'" : "'...'";
    message.remove_prefix(close + 1);
  }
  return printable(out + std::string(message));
}

std::string remedy_for(std::string_view message) {
  for (const std::string_view scope : {"parsing value", "integer", "floating-point", "boolean", "date", "time"}) {
    if (message.find(scope) != std::string_view::npos) return "text, durations too, stands in quotes: \"300s\"";
  }
  if (message.find("cannot redefine") != std::string_view::npos) return "write each table and key once in a file";
  return {};
}

/// Whether the parser complains of the line end inside of a string, which it calls a control character.
bool ends_open(std::string_view text, toml::source_position at, std::string_view message) {
  if (message.find("parsing string: unescaped control characters") == std::string_view::npos) return false;
  for (std::uint32_t line = 1; line < at.line && !text.empty(); ++line)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  text = text.substr(0, text.find('\n'));
  const auto characters =
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  return static_cast<std::ptrdiff_t>(at.column) > characters;
}

}  // namespace

std::optional<Node> parse_toml(std::string_view text, std::uint32_t file, Report& report) {
  if (auto fault = guard_text(text)) {
    report.error({file, fault->line, fault->column}, "", fault->problem, fault->remedy);
    return std::nullopt;
  }
  const toml::parse_result parsed = toml::parse(text, std::string_view());
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    constexpr std::string_view opening = "Error while ";
    std::string_view message = error.description();
    if (message.starts_with(opening)) message.remove_prefix(opening.size());
    if (ends_open(text, error.source().begin, message)) {
      report.error(place_of(error.source(), file), "", "not TOML: parsing string: a string ends on its own line",
                   "close it with a quote");
      return std::nullopt;
    }
    report.error(place_of(error.source(), file), "", "not TOML: " + without_values(message), remedy_for(message));
    return std::nullopt;
  }
  return convert(parsed.table(), file);
}

}  // namespace belay::config
