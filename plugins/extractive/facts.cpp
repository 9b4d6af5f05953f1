#include "facts.hpp"

#include <algorithm>
#include <cmath>

#include "text.hpp"

namespace belay::extractive {

namespace {

/// A sentence's first word has a capital whatever it is; these endings are seldom names.
bool has_verb_ending(std::string_view word) {
  return word.size() < 3 || word.ends_with("ing") || word.ends_with("ed") || word.ends_with("ly") ||
         word.ends_with("tion") || word.ends_with("es");
}

/// Words that have a capital because they open a sentence, or always.
bool is_opener(std::string_view word) {
  static constexpr std::string_view list[] = {
      "I",       "OK",      "Ok",      "Okay",      "Yes",          "No",      "The",        "This",      "That",
      "It",      "We",      "You",     "And",       "But",          "So",      "Please",     "Note",      "Nice",
      "Perfect", "Hmm",     "Hi",      "Hello",     "Hey",          "Thanks",  "Thank",      "Good",      "Great",
      "Done",    "Right",   "Why",     "What",      "How",          "When",    "Where",      "Who",       "Which",
      "Agreed",  "Sure",    "Well",    "Also",      "Then",         "Now",     "Next",       "First",     "Second",
      "Third",   "Next",    "Options", "Proposals", "Alternatives", "Let",     "Let's",      "Same",      "Two",
      "Three",   "Four",    "Five",    "One",       "My",           "Our",     "Your",       "If",        "In",
      "On",      "At",      "For",     "From",      "With",         "As",      "An",         "A",         "There",
      "These",   "Those",   "They",    "He",        "She",          "Here",    "Maybe",      "Only",      "Not",
      "Nothing", "Nobody",  "All",     "Some",      "Any",          "Each",    "Every",      "After",     "Before",
      "Until",   "While",   "Since",   "Because",   "Although",     "However", "Just",       "Is",        "Are",
      "Was",     "Do",      "Does",    "Did",       "Can",          "Could",   "Should",     "Will",      "Would",
      "Still",   "Leave",   "Take",    "Make",      "Put",          "Ask",     "Tell",       "Show",      "Use",
      "Run",     "Add",     "Fix",     "Set",       "See",          "Try",     "Very",       "Give",      "Keep",
      "Found",   "Looking", "Fine",    "Correct",   "Exactly",      "Noted",   "Understood", "Committed", "Damn",
      "Wow",     "Oh",      "Ah"};
  return is_one_of(word, list);
}

}  // namespace

void Facts::note(std::string_view clause, const std::vector<Token>& tokens, std::uint32_t turn, float source,
                 std::vector<std::uint32_t>& mentions) {
  const std::size_t first = mentions.size();
  for (const Token& token : tokens) {
    if (token.kind == FactKind::word) {
      if (!token.text.empty() && is_lower(token.text[0])) plain_words_.insert(hash(token.text));
      continue;
    }
    if (token.kind == FactKind::name && is_opener(token.text.substr(0, token.text.find(' ')))) continue;
    const auto [at, fresh] = ids_.emplace(hash(token.text), size());
    if (fresh) facts_.push_back({.text = token.text, .kind = token.kind, .within = clause});
    Fact& fact = facts_[at->second];
    fact.worth = std::max(fact.worth, token.worth);
    if (fresh || fact.last_turn != turn) ++fact.turns;
    fact.last_turn = turn;
    if (source > fact.source) {
      fact.text = token.text;
      fact.within = clause;
      fact.source = source;
    }
    if (!token.opening) ++fact.inner;
    if (std::find(mentions.begin() + static_cast<std::ptrdiff_t>(first), mentions.end(), at->second) == mentions.end())
      mentions.push_back(at->second);
  }
}

void Facts::finish() {
  for (Fact& fact : facts_) {
    if (fact.kind == FactKind::name) {
      const bool also_plain = plain_words_.contains(hash(fact.text));
      if (fact.inner == 0) fact.worth = also_plain || has_verb_ending(fact.text) ? 0 : .25f;
      if (fact.inner > 0 && also_plain) fact.worth *= .3f;
    }
    const float repeated = std::min(2.2f, 1 + .4f * std::log2(static_cast<float>(fact.turns)));
    fact.worth *= fact.source * repeated;
  }
}

}  // namespace belay::extractive
