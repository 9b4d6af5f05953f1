#include "exposition.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace belay::gateway::sight {
namespace {

std::string_view word(Exposition::Type type) {
  switch (type) {
    case Exposition::Type::counter:
      return "counter";
    case Exposition::Type::gauge:
      return "gauge";
    case Exposition::Type::histogram:
      return "histogram";
  }
  return "untyped";
}

}  // namespace

std::string Exposition::number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 64> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

void Exposition::family(std::string_view name, Type type, std::string_view help) {
  name_ = name;
  text_ += "# HELP ";
  text_ += name;
  text_ += ' ';
  for (const char c : help) text_ += c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string(1, c);
  text_ += "\n# TYPE ";
  text_ += name;
  text_ += ' ';
  text_ += word(type);
  text_ += '\n';
}

void Exposition::sample(Labels labels, double value) { sample_text("", labels, {}, number(value)); }

void Exposition::label(char before, std::string_view name, std::string_view value) {
  text_ += before;
  text_ += name;
  text_ += "=\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') text_ += '\\';
    if (c == '\n')
      text_ += "\\n";
    else
      text_ += c;
  }
  text_ += '"';
}

void Exposition::sample_text(std::string_view suffix, Labels labels, std::string_view le, std::string_view value) {
  text_ += name_;
  text_ += suffix;
  char before = '{';
  for (const Label& one : labels) {
    label(before, one.name, one.value);
    before = ',';
  }
  if (!le.empty()) {
    label(before, "le", le);
    before = ',';
  }
  if (before == ',') text_ += '}';
  text_ += ' ';
  text_ += value;
  text_ += '\n';
}

}  // namespace belay::gateway::sight
