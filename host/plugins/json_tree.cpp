#include "json_tree.hpp"

#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/json.hpp"
#include "belay/ext/json.h"

namespace belay::plugins {

/// RapidJSON's events, put together. Only fed texts that base/json has accepted: valid, UTF-8, at most 96 levels.
class TreeBuilder {
 public:
  explicit TreeBuilder(JsonTree& tree) : tree_(tree) {}

  /// The one value that is left when everything has ended; nullptr when that is not so.
  JsonNode* whole() { return open_.size() == 1 && starts_.empty() ? &open_.front() : nullptr; }

  bool Null() { return add(BELAY_JSON_NULL, {}); }
  bool Bool(bool truth) {
    add(BELAY_JSON_BOOL, {});
    open_.back().truth = truth;
    return true;
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return add(BELAY_JSON_NUMBER, keep(text, size)); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return add(BELAY_JSON_STRING, keep(text, size)); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    names_.push_back(keep(text, size));
    return true;
  }
  bool StartObject() { return start(); }
  bool StartArray() { return start(); }
  bool EndObject(rapidjson::SizeType count) { return end(BELAY_JSON_OBJECT, count); }
  bool EndArray(rapidjson::SizeType count) { return end(BELAY_JSON_ARRAY, count); }
  // Never called: numbers come as texts.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  std::string_view keep(const char* text, std::size_t size) { return tree_.texts_.emplace_back(text, size); }
  bool add(std::uint32_t type, std::string_view text) {
    JsonNode node;
    node.type = type;
    node.text = text;
    open_.push_back(std::move(node));
    return true;
  }
  bool start() {
    starts_.push_back(names_.size());
    return true;
  }
  bool end(std::uint32_t type, std::size_t count) {
    JsonNode node;
    node.type = type;
    const auto first = open_.end() - static_cast<std::ptrdiff_t>(count);
    node.children.assign(std::make_move_iterator(first), std::make_move_iterator(open_.end()));
    open_.erase(first, open_.end());
    if (type == BELAY_JSON_OBJECT) {
      for (std::size_t i = 0; i < count; ++i) node.children[i].name = names_[starts_.back() + i];
      names_.resize(starts_.back());
    }
    starts_.pop_back();
    open_.push_back(std::move(node));
    return true;
  }

  JsonTree& tree_;
  std::vector<JsonNode> open_;           ///< values whose container has not ended yet
  std::vector<std::string_view> names_;  ///< names of members whose object has not ended yet
  std::vector<std::size_t> starts_;      ///< for each open container, where its names begin
};

Result<std::unique_ptr<JsonTree>> JsonTree::parse(std::string_view text) {
  // The door that every text comes in by: depth, UTF-8, duplicate names, places. What follows can rely on it.
  if (const auto checked = json::parse(text); !checked) return checked.error();
  const std::string whole = json::without_lone_surrogates(text);
  auto tree = std::make_unique<JsonTree>();
  TreeBuilder builder(*tree);
  rapidjson::MemoryStream memory(whole.data(), whole.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(memory);
  rapidjson::Reader reader;
  reader.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag>(stream, builder);
  if (reader.HasParseError() || builder.whole() == nullptr) return fail("the text is no JSON");
  tree->root_ = std::move(*builder.whole());
  return tree;
}

namespace {

const JsonNode* child(const JsonNode& node, const std::string& token) {
  if (node.type == BELAY_JSON_OBJECT) {
    const auto found = std::find_if(node.children.begin(), node.children.end(),
                                    [&](const auto& member) { return member.name == token; });
    return found == node.children.end() ? nullptr : &*found;
  }
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool whole =
      error == std::errc{} && end == token.data() + token.size() && (token == "0" || token.front() != '0');
  return node.type == BELAY_JSON_ARRAY && whole && index < node.children.size() ? &node.children[index] : nullptr;
}

}  // namespace

const JsonNode* JsonTree::at(const JsonNode& from, std::string_view pointer) {
  const JsonNode* node = &from;
  while (node != nullptr && !pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.size(), pointer.find('/'));
    std::string token;
    for (std::size_t i = 0; i < end; ++i) {
      const bool escaped = pointer[i] == '~' && i + 1 < end && (pointer[i + 1] == '0' || pointer[i + 1] == '1');
      token += !escaped ? pointer[i] : pointer[++i] == '0' ? '~' : '/';
    }
    pointer.remove_prefix(end);
    node = child(*node, token);
  }
  return node;
}

}  // namespace belay::plugins
