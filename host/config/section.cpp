#include "section.hpp"

#include <algorithm>

namespace belay::config {
namespace {

bool printable_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string joined(const std::string& table, std::string key) {
  return table.empty() ? key : table + "." + std::move(key);
}

}  // namespace

Section::Section(Reading& reading, const Node& table, std::string key, std::string pattern)
    : reading_(reading), table_(table), key_(std::move(key)), pattern_(std::move(pattern)) {}

const Node* Section::find(std::string_view key) {
  known_.emplace(key);
  if (reading_.asked) reading_.asked->insert(joined(pattern_, std::string(key)));
  return table_.find(key);
}

std::string Section::path(std::string_view key) const { return joined(key_, shown_key(key)); }

std::string Section::name_of(const Node& value) const { return path(value.key); }

// ---- tables ----

std::optional<Section> Section::table(std::string_view key) {
  const Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Node::Kind::table) {
    error(*node, "must be a table, not " + std::string(node->kind_name()), "[" + path(key) + "]");
    return std::nullopt;
  }
  return Section(reading_, *node, path(key), joined(pattern_, std::string(key)));
}

std::vector<Section> Section::named(std::string_view key, std::string_view shape) {
  const Node* node = find(key);
  if (node == nullptr) return {};
  if (node->kind != Node::Kind::table) {
    error(*node, "must be a table, not " + std::string(node->kind_name()), std::string(shape));
    return {};
  }
  std::vector<Section> sections;
  for (const Node& member : node->items) {
    const std::string name = path(key) + "." + shown_key(member.key);
    if (member.kind == Node::Kind::table) {
      sections.emplace_back(reading_, member, name, joined(pattern_, std::string(key)) + ".*");
    } else {
      report().error(member.place, name, "must be a table, not " + std::string(member.kind_name()), std::string(shape));
    }
  }
  return sections;
}

std::vector<Section> Section::tables(std::string_view key, std::string_view shape) {
  const Node* node = find(key);
  if (node == nullptr) return {};
  if (node->kind != Node::Kind::array) {
    error(*node, "must be an array of tables, not " + std::string(node->kind_name()), std::string(shape));
    return {};
  }
  std::vector<Section> sections;
  for (const Node& item : node->items) {
    if (item.kind == Node::Kind::table) {
      sections.emplace_back(reading_, item, path(key), joined(pattern_, std::string(key)));
    } else {
      report().error(item.place, path(key), "must be a table, not " + std::string(item.kind_name()),
                     std::string(shape));
    }
  }
  return sections;
}

// ---- values ----

bool Section::text(std::string_view key, std::string& to, std::string_view example) {
  const Node* node = find(key);
  if (node == nullptr) return false;
  if (node->kind != Node::Kind::string) {
    wrong_kind(*node, "a string", example);
    return false;
  }
  if (node->text.empty()) {
    error(*node, "is empty", std::string(example));
    return false;
  }
  if (!printable_text(node->text)) {
    error(*node, "holds a line end or control character", std::string(example));
    return false;
  }
  to = node->text;
  return true;
}

bool Section::flag(std::string_view key, bool& to) {
  const Node* node = find(key);
  if (node == nullptr) return false;
  if (node->kind != Node::Kind::boolean) {
    wrong_kind(*node, "a boolean", "true or false, without quotes");
    return false;
  }
  to = node->boolean;
  return true;
}

bool Section::duration(std::string_view key, Millis& to, Zero zero) {
  constexpr std::string_view example = "a number with a unit: \"250ms\", \"10s\", \"5m\", \"1h\" or \"2d\"";
  const Node* node = find(key);
  if (node == nullptr) return false;
  if (node->kind != Node::Kind::string) {
    wrong_kind(*node, "a string", example);
    return false;
  }
  const auto span = parse_duration(node->text);
  if (!span) {
    error(*node, in_quotes(node->text) + " is not a duration", std::string(example));
    return false;
  }
  if (zero == Zero::refused && *span == Millis::zero()) {
    error(*node, "must be longer than 0", std::string(example));
    return false;
  }
  to = *span;
  return true;
}

bool Section::integer(std::string_view key, std::int64_t& to, std::int64_t least, std::int64_t most) {
  const Node* node = find(key);
  if (node == nullptr) return false;
  const std::string range = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  if (node->kind != Node::Kind::integer) {
    wrong_kind(*node, "an integer", range);
    return false;
  }
  if (node->integer < least || node->integer > most) {
    error(*node, std::to_string(node->integer) + " is out of range", range);
    return false;
  }
  to = node->integer;
  return true;
}

bool Section::integer(std::string_view key, int& to, std::int64_t least, std::int64_t most) {
  std::int64_t wide = 0;
  if (!integer(key, wide, least, most)) return false;
  to = static_cast<int>(wide);
  return true;
}

std::optional<std::size_t> Section::word(std::string_view key, const std::vector<std::string>& words) {
  const Node* node = find(key);
  return node == nullptr ? std::nullopt : word(*node, words);
}

std::optional<std::size_t> Section::word(const Node& value, const std::vector<std::string>& words) const {
  if (value.kind != Node::Kind::string) {
    wrong_kind(value, "a string", listed(words));
    return std::nullopt;
  }
  const auto found = std::find(words.begin(), words.end(), value.text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  error(value, "unknown word " + in_quotes(value.text), remedy_for_word(value.text, words, "known are"));
  return std::nullopt;
}

std::optional<std::vector<const Node*>> Section::strings(std::string_view key, std::string_view example) {
  const Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind == Node::Kind::array) return strings_of(*node, example);
  wrong_kind(*node, "an array of strings", example);
  return std::nullopt;
}

std::optional<std::vector<const Node*>> Section::string_or_strings(std::string_view key, std::string_view example) {
  const Node* node = find(key);
  if (node != nullptr && node->kind == Node::Kind::string) return std::vector{node};
  return strings(key, example);
}

std::optional<std::vector<const Node*>> Section::strings_of(const Node& array, std::string_view example) const {
  std::vector<const Node*> out;
  for (const Node& item : array.items) {
    if (item.kind == Node::Kind::string) {
      out.push_back(&item);
    } else {
      report().error(item.place, name_of(item), "must hold strings, not " + std::string(item.kind_name()),
                     std::string(example));
    }
  }
  return out;
}

// ---- problems ----

void Section::error(std::string problem, std::string remedy) const {
  report().error(table_.key_place.line > 0 ? table_.key_place : table_.place, key_, std::move(problem),
                 std::move(remedy));
}

void Section::missing(std::string_view key, std::string remedy) {
  find(key);
  report().error(table_.key_place.line > 0 ? table_.key_place : table_.place, path(key), "is missing",
                 std::move(remedy));
}

void Section::error(const Node& value, std::string problem, std::string remedy) const {
  report().error(value.place, name_of(value), std::move(problem), std::move(remedy));
}

void Section::warning(const Node& value, std::string problem, std::string remedy) const {
  report().warning(value.place, name_of(value), std::move(problem), std::move(remedy));
}

void Section::wrong_kind(const Node& value, std::string_view wanted, std::string_view example) const {
  error(value, "must be " + std::string(wanted) + ", not " + std::string(value.kind_name()), std::string(example));
}

bool Section::known(const Node& member) const { return known_.contains(member.key); }

void Section::finish() const {
  const std::vector<std::string> words(known_.begin(), known_.end());
  for (const Node& member : table_.items) {
    if (known(member)) continue;
    report().error(member.key_place, path(member.key), "unknown key",
                   remedy_for_word(member.key, words, "known here are"));
  }
}

std::vector<const Node*> Section::rest() {
  std::vector<const Node*> out;
  for (const Node& member : table_.items) {
    if (!known(member)) out.push_back(&member);
  }
  for (const Node* member : out) known_.emplace(member->key);
  return out;
}

}  // namespace belay::config
