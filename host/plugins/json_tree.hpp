// A parsed JSON text that remembers numbers as they were written, which base/json's documents don't: what belay.json/1
// shows a plugin.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace belay::plugins {

struct JsonNode {
  std::uint32_t type = 0;  ///< BELAY_JSON_...
  bool truth = false;      ///< of a BOOL
  std::string_view text;   ///< STRING: decoded; NUMBER: as written
  std::string_view name;   ///< of a member
  std::vector<JsonNode> children;
};

class JsonTree {
 public:
  static Result<std::unique_ptr<JsonTree>> parse(std::string_view text);
  [[nodiscard]] const JsonNode& root() const { return root_; }

  /// RFC 6901; nullptr when it leads nowhere.
  static const JsonNode* at(const JsonNode& from, std::string_view pointer);

 private:
  friend class TreeBuilder;
  std::deque<std::string> texts_;  ///< what the views point into
  JsonNode root_;
};

}  // namespace belay::plugins
