// The `targets` of [route.NAME].
#include <algorithm>
#include <set>

#include "readers.hpp"
#include "words.hpp"

namespace belay::config {
namespace {

using fallback::ReasonSet;
using fallback::RouteEntry;

constexpr std::string_view target_forms =
    "\"PROVIDER\", \"PROVIDER/MODEL\" or { target = \"PROVIDER/MODEL\", on = [\"capacity\"] }";

class TargetReader {
 public:
  TargetReader(Section& route, const Context& context, const runtime::Settings& settings)
      : route_(route), context_(context) {
    for (const auto& provider : settings.providers) providers_.push_back(provider.name);
    known_.insert(providers_.begin(), providers_.end());
  }

  void read(const Node& item, std::vector<RouteEntry>& to) {
    RouteEntry entry;
    entry.place = route_.report().shown(item.place);
    if (item.kind == Node::Kind::string) {
      if (!read_target(item, entry)) return;
    } else if (item.kind == Node::Kind::table) {
      if (!read_table(item, to.empty(), entry)) return;
    } else {
      return route_.error(item, "must be a string or a table, not " + std::string(item.kind_name()),
                          std::string(target_forms));
    }
    const auto same = [&](const RouteEntry& other) {
      return other.provider == entry.provider && other.model == entry.model;
    };
    if (std::any_of(to.begin(), to.end(), same)) {
      route_.warning(item, "lists a target a second time, where a call will not try it again", "take it out");
    }
    to.push_back(std::move(entry));
  }

 private:
  bool read_table(const Node& item, bool first, RouteEntry& entry) {
    Section section(context_.reading, item, route_.key() + ".targets", "route.*.targets");
    std::string text;
    const bool named = section.text("target", text, "target = \"PROVIDER/MODEL\"");
    if (section.find("target") == nullptr) section.missing("target", "target = \"PROVIDER/MODEL\"");
    const bool known = named && read_target(*section.find("target"), entry);
    if (const Node* on = section.find("on")) {
      if (first)
        section.error(*on, "the first target opens for every call, so it can name no reasons",
                      "take `on` out, or put another target before it");
      entry.on = read_on(section);
    }
    section.finish();
    return known;
  }

  /// Splits at the first '/': a model's name may hold more of them.
  bool read_target(const Node& node, RouteEntry& entry) {
    const std::size_t slash = node.text.find('/');
    entry.provider = node.text.substr(0, slash);
    if (slash != std::string::npos) entry.model = node.text.substr(slash + 1);
    if (entry.provider.empty() || (slash != std::string::npos && entry.model.empty())) {
      route_.error(node, in_quotes(node.text) + " is not a target", std::string(target_forms));
      return false;
    }
    if (known_.contains(entry.provider) || !context_.whole) return true;
    route_.error(node, "unknown provider " + in_quotes(entry.provider),
                 providers_.empty() ? "describe it in [provider." + shown_key(entry.provider) + "]"
                                    : remedy_for_word(entry.provider, providers_, "known are"));
    return false;
  }

  static ReasonSet read_on(Section& section) {
    ReasonSet set;
    const auto words = section.strings("on", "on = [\"capacity\", \"transport\"]");
    if (!words) return set;
    if (words->empty())
      section.error(*section.find("on"), "names no reason, so the target would never open",
                    "take `on` out to open for every reason");
    for (const Node* word : *words) {
      if (const auto reasons_of = fallback::parse_reason_group(word->text)) {
        set |= *reasons_of;
      } else {
        std::vector<std::string> known = reason_groups();
        known.insert(known.end(), reasons().begin(), reasons().end());
        const std::string near = suggest(word->text, known);
        section.error(*word, "unknown reason " + in_quotes(word->text),
                      near.empty() ? "a group (" + listed(reason_groups()) + ") or a reason such as quota_exhausted"
                                   : "did you mean " + in_quotes(near) + "?");
      }
    }
    return set;
  }

  Section& route_;
  const Context& context_;
  std::vector<std::string> providers_;
  std::set<std::string> known_;
};

}  // namespace

void read_targets(Section& route, const Context& context, const runtime::Settings& settings,
                  fallback::RouteSettings& to) {
  const Node* targets = route.find("targets");
  if (targets == nullptr) return route.missing("targets", "targets = [\"PROVIDER\", \"PROVIDER/MODEL\"]");
  if (targets->kind != Node::Kind::array)
    return route.wrong_kind(*targets, "an array", "targets = [\"PROVIDER\", \"PROVIDER/MODEL\"]");
  if (targets->items.empty())
    return route.error(*targets, "is empty, so the route can answer nothing",
                       "targets = [\"PROVIDER\", \"PROVIDER/MODEL\"]");
  TargetReader reader(route, context, settings);
  for (const Node& item : targets->items) reader.read(item, to.targets);
}

}  // namespace belay::config
