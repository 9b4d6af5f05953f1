#include "extract.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "lists.hpp"
#include "pick.hpp"
#include "text.hpp"
#include "units.hpp"

namespace belay::extractive {

namespace {

constexpr std::string_view label = "[Extract made offline by extractive-1, without a language model; verbatim.]";
constexpr std::string_view short_label = "[extract made offline, no language model]";
constexpr std::array<std::string_view, section_count> headings = {"## Goal",  "## Decisions",      "## Facts",
                                                                  "## Files", "## Open questions", "## Latest state"};
constexpr std::string_view names_before = "Also named: ";
constexpr std::string_view figures_before = "In passing: ";
constexpr std::string_view gap = "\xE2\x80\xA6";  // an ellipsis

/// Below this an extract says nothing; a shorter conversation is better repeated.
constexpr std::size_t least = 600;
constexpr std::size_t bytes_per_token = 4;
/// With less room than this there are no sections.
constexpr std::size_t worth_an_extract = 240;
/// So few bytes are not worth another round.
constexpr std::size_t slack = 60;
/// Shares of the bytes for the lists of what no sentence brought.
constexpr double share_of_paths = .15;
constexpr double share_of_names = .05;
constexpr double share_of_figures = .14;

std::size_t target(const Conversation& conversation, Length length) {
  auto bytes = static_cast<std::size_t>(static_cast<double>(conversation.bytes) * length.ratio);
  bytes = std::max(bytes, least);
  if (length.max_tokens > 0) bytes = std::min(bytes, static_cast<std::size_t>(length.max_tokens) * bytes_per_token);
  return std::min(bytes, conversation.bytes);
}

/// Lines of the extract, without their ends.
using Text = std::vector<std::string>;

std::size_t size_of(const Text& text) {
  std::size_t out = 0;
  for (const auto& line : text) out += line.size() + 1;
  return out == 0 ? 0 : out - 1;
}

class Writer {
 public:
  Writer(const Conversation& conversation, std::size_t bytes, Watch& watch)
      : bytes_(bytes), watch_(watch), material_(material_of(conversation, watch)), picker_(material_, watch) {}

  Text write() {
    const std::size_t fixed = label.size() + 120;  // and headings
    const std::size_t lists = part(share_of_paths + share_of_names + share_of_figures);
    picker_.pick(bytes_ > fixed + lists ? bytes_ - fixed - lists : bytes_ / 2);
    paths_ = take_list(material_.facts, List::paths, part(share_of_paths));
    names_ = take_list(material_.facts, List::names, part(share_of_names));
    figures_ = take_list(material_.facts, List::figures, part(share_of_figures));
    Text text = render();
    // What the estimate and the lists left over is spent, and what it overran by is given up.
    for (int round = 0; round < 3 && size_of(text) + slack < bytes_; ++round) {
      picker_.pick(bytes_ - size_of(text));
      text = render();
    }
    while (size_of(text) > bytes_ && picker_.drop(size_of(text) - bytes_)) text = render();
    return text;
  }

 private:
  std::size_t part(double share) const { return static_cast<std::size_t>(static_cast<double>(bytes_) * share); }

  static std::string joined(std::string_view before, const std::vector<std::string_view>& items) {
    std::string out(before);
    for (const auto item : items) {
      if (out.size() > before.size()) out += list_separator;
      append_flat(out, item);
    }
    return out;
  }

  /// The line that begins with unit `at`: its picked clauses, with marks where others were left out.
  std::string line_from(std::size_t& at) const {
    const auto& units = material_.units;
    const std::uint32_t line = units[at].line;
    std::string out = "- ";
    if (at > 0 && units[at - 1].line == line) out += gap;
    std::size_t last = at;
    for (; at < units.size() && units[at].line == line; ++at) {
      if (!units[at].picked) continue;
      if (at > last + 1) out += gap;
      if (!out.ends_with(' ') && !out.ends_with(gap)) out += ' ';
      append_flat(out, units[at].text);
      last = at;
    }
    if (last + 1 < units.size() && units[last + 1].line == line) out += gap;
    return out;
  }

  /// A line belongs where its first picked clause does, unless a later one is a decision or a question.
  Section section_of(std::size_t at) const {
    const auto& units = material_.units;
    Section out = units[at].section;
    for (std::size_t i = at; i < units.size() && units[i].line == units[at].line; ++i) {
      if (units[i].picked && out != Section::goal &&
          (units[i].section == Section::decisions || units[i].section == Section::questions))
        out = units[i].section;
    }
    return out;
  }

  Text render() const {
    std::array<Text, section_count> sections;
    for (std::size_t at = 0; at < material_.units.size();) {
      if (!material_.units[at].picked) {
        ++at;
        continue;
      }
      Text& to = sections[static_cast<std::size_t>(section_of(at))];
      to.push_back(line_from(at));
    }
    if (!paths_.empty()) sections[static_cast<std::size_t>(Section::files)].push_back(joined("", paths_));
    if (!names_.empty()) sections[static_cast<std::size_t>(Section::facts)].push_back(joined(names_before, names_));
    if (!figures_.empty())
      sections[static_cast<std::size_t>(Section::facts)].push_back(joined(figures_before, figures_));
    Text out = {std::string(bytes_ < 500 ? short_label : label)};
    for (std::size_t i = 0; i < section_count; ++i) {
      if (sections[i].empty()) continue;
      out.emplace_back(headings[i]);
      std::move(sections[i].begin(), sections[i].end(), std::back_inserter(out));
    }
    return out;
  }

  std::size_t bytes_;
  Watch& watch_;
  Material material_;
  Picker picker_;
  std::vector<std::string_view> paths_, names_, figures_;
};

/// A conversation too short to be worth it, or one in which nothing was found: as it is, up to the limit.
Text repeated(const Conversation& conversation, std::size_t bytes) {
  std::string all;
  for (const Turn& turn : conversation.turns) {
    if (turn.kind == Kind::call) continue;
    if (!all.empty()) all += '\n';
    all += turn.text;
  }
  Text out;
  if (bytes > all.size() + short_label.size()) out.emplace_back(short_label);
  out.emplace_back(sdk::cut(all, bytes));
  return out;
}

}  // namespace

void write_extract(const Conversation& conversation, Length length, sdk::Sink& sink, Watch& watch) {
  const std::size_t bytes = target(conversation, length);
  Text text;
  if (bytes >= worth_an_extract && bytes < conversation.bytes) text = Writer(conversation, bytes, watch).write();
  if (text.size() < 2) text = repeated(conversation, bytes);
  while (size_of(text) > bytes && text.size() > 1) text.pop_back();
  for (std::size_t i = 0; i < text.size(); ++i) {
    watch.step();
    if (i + 1 < text.size()) text[i] += '\n';
    if (!sink.text(text[i])) return;
  }
}

}  // namespace belay::extractive
