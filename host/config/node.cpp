#include "node.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace belay::config {

const Node* Node::find(std::string_view name) const {
  const auto found = std::find_if(items.begin(), items.end(), [&](const Node& member) { return member.key == name; });
  return kind != Kind::table || found == items.end() ? nullptr : &*found;
}

Node* Node::find(std::string_view name) { return const_cast<Node*>(std::as_const(*this).find(name)); }

void Node::erase(std::string_view name) {
  std::erase_if(items, [&](const Node& member) { return member.key == name; });
}

std::string_view Node::kind_name() const {
  switch (kind) {
    case Kind::string:
      return "a string";
    case Kind::integer:
      return "an integer";
    case Kind::number:
      return "a number with a fraction";
    case Kind::boolean:
      return "a boolean";
    case Kind::date:
      return "a date or time";
    case Kind::array:
      return "an array";
    case Kind::table:
      break;
  }
  return "a table";
}

void merge(Node& base, Node over) {
  // By index, not by find() for every member: a generated file may have thousands of providers.
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < base.items.size(); ++i) known.emplace(base.items[i].key, i);
  for (Node& member : over.items) {
    const auto [at, fresh] = known.emplace(member.key, base.items.size());
    if (fresh) {
      base.items.push_back(std::move(member));
      continue;
    }
    Node& below = base.items[at->second];
    if (below.kind == Node::Kind::table && member.kind == Node::Kind::table) {
      merge(below, std::move(member));
    } else {
      below = std::move(member);
    }
  }
}

std::string shown_key(std::string_view key) {
  const auto bare = [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  if (!key.empty() && std::all_of(key.begin(), key.end(), bare)) return std::string(key);
  return printable(json::quoted(cut_utf8(key, 80)));
}

}  // namespace belay::config
