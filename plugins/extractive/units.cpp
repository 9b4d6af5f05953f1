#include "units.hpp"

#include <algorithm>
#include <unordered_map>

#include "cues.hpp"
#include "lines.hpp"
#include "text.hpp"

namespace belay::extractive {

namespace {

/// How much a place counts: what people say above what machines print.
float source_of(const Turn& turn, Sort sort) {
  if (turn.role == Role::system) return .35f;
  if (sort == Sort::code) return turn.kind == Kind::call ? .4f : .3f;
  if (sort == Sort::output) return turn.kind == Kind::prose ? .8f : .5f;
  return turn.role == Role::user ? 1.35f : 1.f;
}

/// A line with its digits and long words taken out: lines of one log statement have the same.
std::uint64_t shape_of(std::string_view line) {
  std::uint64_t out = hash_seed;
  bool in_digits = false;
  std::size_t counted = 0;
  for (const char c : line.substr(0, 200)) {
    const bool digit = is_digit(c);
    if (digit && in_digits) continue;
    in_digits = digit;
    const char kept = digit ? '0' : c;
    out = hash({&kept, 1}, out);
    if (++counted == 48) break;
  }
  return out;
}

class Reader {
 public:
  Reader(const Conversation& conversation, Watch& watch)
      : conversation_(conversation), watch_(watch), lines_(lines_of(conversation, watch)) {}

  Material read() {
    find_ends();
    for (const Line& line : lines_) {
      if (line.sort == Sort::code || line.sort == Sort::output) ++shapes_[shape_of(line.text)];
    }
    for (std::uint32_t i = 0; i < lines_.size(); ++i) add(lines_[i], i);
    out_.facts.finish();
    return std::move(out_);
  }

 private:
  /// The first turn of the user, and the last turns in which somebody says something.
  void find_ends() {
    const auto& turns = conversation_.turns;
    first_user_ = static_cast<std::uint32_t>(
        std::find_if(turns.begin(), turns.end(), [](const Turn& t) { return t.role == Role::user; }) - turns.begin());
    std::uint32_t spoken = 0;
    latest_ = static_cast<std::uint32_t>(turns.size());
    while (latest_ > 0 && spoken < 2) spoken += turns[--latest_].kind == Kind::prose ? 1 : 0;
  }

  void add(const Line& line, std::uint32_t number) {
    const Turn& turn = conversation_.turns[line.turn];
    float source = source_of(turn, line.sort);
    if (const auto found = shapes_.find(shape_of(line.text));
        found != shapes_.end() && found->second > 2 && line.sort != Sort::sentence) {
      source /= 1 + .25f * static_cast<float>(std::min(found->second, 40u));
    }
    opening_lines_ = line.turn == first_user_ ? opening_lines_ + 1 : 0;
    for (const auto clause : clauses_of(line)) {
      watch_.step();
      tokens_.clear();
      tokens_of(clause, line.sort, tokens_);
      Unit unit{.text = clause,
                .line = number,
                .turn = line.turn,
                .first_fact = static_cast<std::uint32_t>(out_.mentions.size()),
                .source = source};
      out_.facts.note(clause, tokens_, line.turn, source, out_.mentions);
      unit.fact_count = static_cast<std::uint32_t>(out_.mentions.size()) - unit.first_fact;
      judge(unit, turn, line.sort);
      out_.units.push_back(unit);
    }
  }

  /// What was asked early has been answered since, more likely than not.
  float asked(std::uint32_t turn) const {
    const float place = static_cast<float>(turn + 1) / static_cast<float>(conversation_.turns.size());
    return .2f + .4f * place;
  }

  /// Section and cue: what the words around the facts say.
  void judge(Unit& unit, const Turn& turn, Sort sort) {
    Cues cues = cues_in(unit.text);
    if (sort == Sort::code || sort == Sort::output) {
      // Code says "error" and "fatal" wherever it handles one.
      if (sort == Sort::output) unit.cue = .8f * cues.trouble + .4f * cues.result;
      return;
    }
    const float said = std::min(1.f, static_cast<float>(std::count(unit.text.begin(), unit.text.end(), ' ') + 1) / 7);
    const bool user = turn.role == Role::user;
    const bool latest = unit.turn >= latest_;
    if (cues.asks) cues.question = std::max(cues.question, asked(unit.turn));
    unit.cue = (user ? 3.f : 2.4f) * cues.decision + 2.2f * cues.question + .5f * cues.trouble + .7f * cues.result +
               (user ? 1.f : .3f) * cues.wish + (latest ? 1.f : 0) - 1.2f * cues.chatter;
    if (unit.cue > 0) unit.cue *= said;  // "Right?" and "Good." say little
    if (sort == Sort::heading) unit.cue *= .5f;
    if (turn.role == Role::system) unit.cue *= .3f;
    if (unit.turn == first_user_ && opening_lines_ <= 4) {
      unit.cue += 3 * said;
      unit.section = Section::goal;
    } else if ((cues.question >= .5f || cues.asks) && cues.question >= cues.decision) {
      unit.section = Section::questions;
    } else if (cues.decision >= .5f) {
      unit.section = Section::decisions;
    } else if (latest) {
      unit.section = Section::state;
    } else if (user && cues.wish >= .5f) {
      unit.section = Section::goal;
    }
  }

  const Conversation& conversation_;
  Watch& watch_;
  std::vector<Line> lines_;
  Material out_;
  std::unordered_map<std::uint64_t, std::uint32_t> shapes_;
  std::vector<Token> tokens_;
  std::uint32_t first_user_ = 0, latest_ = 0, opening_lines_ = 0;
};

}  // namespace

Material material_of(const Conversation& conversation, Watch& watch) { return Reader(conversation, watch).read(); }

}  // namespace belay::extractive
