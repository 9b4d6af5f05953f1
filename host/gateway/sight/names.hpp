// Names: the words that may become labels. Only what the configuration names does, so that no client can make the
// number of time series grow; everything else is "other". Ids only grow: counts outlive a reload.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/settings.hpp"

namespace belay::gateway::sight {

using NameId = std::uint16_t;

/// One list of words. Id 0 stands for every other word.
class NameTable {
 public:
  explicit NameTable(std::string_view other) : words_{std::string(other)}, ids_{{std::string(other), 0}} {}
  void add(std::string_view word);
  [[nodiscard]] NameId id(std::string_view word) const;
  [[nodiscard]] const std::string& word(NameId id) const { return words_[id < words_.size() ? id : 0]; }
  [[nodiscard]] std::size_t size() const { return words_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const { return std::hash<std::string_view>{}(word); }
  };
  std::vector<std::string> words_;
  std::unordered_map<std::string, NameId, Hash, std::equal_to<>> ids_;
};

/// A path of ours without what varies, "/belay/traces/01J..." is "/belay/traces/{id}"; empty for any other path. A
/// literal.
std::string_view pattern_of(std::string_view path);

/// Immutable once shared. One for all workers; a reload makes the next one.
struct Names {
  NameTable paths{"other"};
  NameTable wires{"other"};
  NameTable keys{"other"};       ///< id of "": requests without a key
  NameTable routes{"(target)"};  ///< a target that was named directly has no route
  NameTable providers{"other"};
  std::vector<NameTable> models;  ///< by id of the provider

  [[nodiscard]] NameId model(NameId provider, std::string_view model) const { return models[provider].id(model); }
  [[nodiscard]] const std::string& model_word(NameId provider, NameId model) const {
    return models[provider].word(model);
  }
  [[nodiscard]] NameId path(std::string_view path) const { return paths.id(pattern_of(path)); }
};

/// What `before` (may be null) has, and what `settings` adds.
std::shared_ptr<const Names> names_of(const runtime::Settings& settings, const Names* before);

}  // namespace belay::gateway::sight
