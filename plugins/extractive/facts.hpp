// All distinct facts of a conversation, and what each is worth: by its kind, by who spoke of it, by how often it came
// back.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lexer.hpp"

namespace belay::extractive {

struct Fact {
  std::string_view text;  ///< as first seen
  FactKind kind;
  std::string_view within;  ///< the clause that it was first seen in
  float worth = 0;          ///< after finish(): everything counted in
  float source = 0;         ///< of the most trusted place that names it
  std::uint32_t turns = 0;  ///< how many turns do
  std::uint32_t last_turn = 0;
  std::uint32_t inner = 0;  ///< names: how often in the middle of a sentence, where a capital means something
  bool covered = false;     ///< the extract has it
};

class Facts {
 public:
  /// Notes the tokens of one clause and appends the ids of its facts to `mentions`. `source`: how much the place is
  /// trusted.
  void note(std::string_view clause, const std::vector<Token>& tokens, std::uint32_t turn, float source,
            std::vector<std::uint32_t>& mentions);
  /// To be called once, after the last note().
  void finish();

  [[nodiscard]] Fact& operator[](std::uint32_t id) { return facts_[id]; }
  [[nodiscard]] const Fact& operator[](std::uint32_t id) const { return facts_[id]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(facts_.size()); }

 private:
  std::vector<Fact> facts_;
  std::unordered_map<std::uint64_t, std::uint32_t> ids_;
  std::unordered_set<std::uint64_t>
      plain_words_;  ///< seen in lower case: not names, however they are written elsewhere
};

}  // namespace belay::extractive
