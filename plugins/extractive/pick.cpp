#include "pick.hpp"

#include <algorithm>

#include "text.hpp"

namespace belay::extractive {

namespace {

/// What a line costs beside its text: "- ", the end, and marks for what was left out around it.
constexpr std::size_t line_overhead = 7;
/// A short unit is not worth more than one that says it in context.
constexpr float readable = 24;
/// Paths are told in a list for fewer bytes than in a sentence.
constexpr float path_in_text = .5f;
/// What says less than this is left out although there is room.
constexpr float least_worth = .25f;
/// With less room than this, or after so many that didn't fit, it is full.
constexpr std::size_t shortest = 24;
constexpr std::size_t patience = 200;
/// A fact that the extract has already.
constexpr float again = .04f;
/// Share of the bytes up to which a section's cues count.
constexpr std::array<float, section_count> share = {.16f, .32f, 1.f, 1.f, .2f, .14f};

template <class Visit>
void for_words(std::string_view text, Visit visit) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && (is_alnum(text[end]) || is_wide(text[end]))) ++end;
    if (end - at >= 4) visit(hash(text.substr(at, end - at)));
    at = end + 1;
  }
}

}  // namespace

bool joins(const Material& material, std::size_t unit, std::size_t other) {
  return other < material.units.size() && material.units[other].picked &&
         material.units[other].line == material.units[unit].line;
}

Picker::Picker(Material& material, Watch& watch) : material_(material), watch_(watch) {
  budget_ = 1;
  heap_.reserve(material.units.size());
  for (std::uint32_t i = 0; i < material.units.size(); ++i) {
    watch_.step();
    if (const float worth = density(material.units[i]); worth > 0) heap_.push_back({worth, i});
  }
  std::make_heap(heap_.begin(), heap_.end());
}

std::size_t Picker::cost(const Unit& unit) const {
  const auto at = static_cast<std::size_t>(&unit - material_.units.data());
  const bool beside = joins(material_, at, at + 1) || (at > 0 && joins(material_, at, at - 1));
  return unit.text.size() + (beside ? 1 : line_overhead);
}

/// How much of it has not been said, by its words: from 0, when most of them were, to 1.
float Picker::fresh(const Unit& unit) const {
  std::size_t words = 0, unsaid = 0;
  for_words(unit.text, [&](std::uint64_t word) {
    ++words;
    if (!said_.contains(word)) ++unsaid;
  });
  return words == 0 ? 0 : std::max(0.f, 1.5f * static_cast<float>(unsaid) / static_cast<float>(words) - .5f);
}

/// A decision counts also when its words are known: what was decided about them may not be.
float Picker::kept_cue(const Unit& unit) const {
  const bool settles = unit.section == Section::decisions || unit.section == Section::questions;
  const float unsaid = fresh(unit);
  return settles ? .35f + .65f * unsaid : unsaid;
}

float Picker::density(const Unit& unit) const {
  float worth = 0;
  for (std::uint32_t i = 0; i < unit.fact_count; ++i) {
    const Fact& fact = material_.facts[material_.mentions[unit.first_fact + i]];
    worth += fact.worth * (fact.kind == FactKind::path ? path_in_text : 1.f) * (fact.covered ? again : 1.f);
  }
  worth *= std::min(unit.source, 1.f);
  const auto section = static_cast<std::size_t>(unit.section);
  const bool full = static_cast<float>(spent_[section]) > share[section] * static_cast<float>(budget_);
  if (unit.cue != 0 && !(full && unit.cue > 0)) worth += unit.cue * (unit.cue > 0 ? kept_cue(unit) : 1.f);
  return worth < least_worth ? 0 : worth / (static_cast<float>(cost(unit)) + readable);
}

void Picker::take(Unit& unit) {
  const std::size_t bytes = cost(unit);
  unit.picked = true;
  order_.push_back(static_cast<std::uint32_t>(&unit - material_.units.data()));
  spent_all_ += bytes;
  spent_[static_cast<std::size_t>(unit.section)] += bytes;
  for (std::uint32_t i = 0; i < unit.fact_count; ++i)
    material_.facts[material_.mentions[unit.first_fact + i]].covered = true;
  for_words(unit.text, [&](std::uint64_t word) { said_.insert(word); });
}

void Picker::pick(std::size_t bytes) {
  budget_ = spent_all_ + bytes;
  std::vector<Offer> too_long;  // may fit when there is more again
  while (!heap_.empty() && spent_all_ + shortest < budget_ && too_long.size() < patience) {
    watch_.step();
    std::pop_heap(heap_.begin(), heap_.end());
    Offer best = heap_.back();
    Unit& unit = material_.units[best.unit];
    const float now = density(unit);
    // What was offered when less had been said is weighed again before it is taken.
    if (now < best.density * .999f) {
      heap_.pop_back();
      if (now > 0) {
        heap_.push_back({now, best.unit});
        std::push_heap(heap_.begin(), heap_.end());
      }
      continue;
    }
    heap_.pop_back();
    spent_all_ + cost(unit) <= budget_ ? take(unit) : too_long.push_back(best);
  }
  for (const Offer& offer : too_long) {
    heap_.push_back(offer);
    std::push_heap(heap_.begin(), heap_.end());
  }
}

bool Picker::drop(std::size_t bytes) {
  std::size_t dropped = 0;
  while (!order_.empty() && dropped < bytes) {
    Unit& unit = material_.units[order_.back()];
    order_.pop_back();
    unit.picked = false;
    dropped += unit.text.size();
  }
  return dropped > 0;
}

}  // namespace belay::extractive
