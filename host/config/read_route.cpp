// [route.NAME]: limits, filters, parameters and policy of a route; and [auto], the built-in one.
#include <algorithm>

#include "json_value.hpp"
#include "readers.hpp"
#include "words.hpp"

namespace belay::config {
namespace {

using fallback::Reason;
using fallback::RouteSettings;
using fallback::Verdict;

constexpr Millis longest_backoff{8'000};

void read_limits(Section& section, RouteSettings& to) {
  section.duration("deadline", to.deadline, Zero::refused);
  section.duration("attempt_timeout", to.attempt_timeout, Zero::refused);
  section.duration("connect_timeout", to.connect_timeout, Zero::refused);
  section.duration("first_token_timeout", to.first_token_timeout, Zero::refused);
  section.duration("idle_timeout", to.idle_timeout, Zero::refused);
  section.duration("retry_after_max", to.retry_after_max, Zero::allowed);
  section.integer("transient_retries", to.transient_retries, 0, 100);
  Millis backoff = to.backoff;
  if (section.duration("backoff", backoff, Zero::allowed)) {
    if (backoff > longest_backoff) {
      section.error(*section.find("backoff"), "is longer than the longest wait",
                    "at most \"8s\": it is the first wait, and later ones double up to 8 s");
    } else {
      to.backoff = backoff;
    }
  }
  section.flag("retry_on_timeout", to.retry_on_timeout);
  section.integer("max_concurrency", to.max_concurrency, 1, 1'000'000);
}

std::vector<std::string> words_of(const Section& section, const std::vector<const Node*>& nodes,
                                  const std::vector<std::string>& known) {
  std::vector<std::string> out;
  for (const Node* node : nodes) {
    if (section.word(*node, known)) out.push_back(node->text);
  }
  return out;
}

void refuse_empty(Section& section, std::string_view key, const std::vector<const Node*>& nodes) {
  const Node* node = section.find(key);
  if (nodes.empty() && node->items.empty())
    section.error(*node, "is empty, which allows nothing", "leave it out to allow everything");
}

/// A zone that no provider declares may be meant for later; one that is nearly declared is a slip of the pen that
/// leaves a target out for good.
void read_zones(Section& section, const std::vector<const Node*>& nodes, const runtime::Settings& settings,
                RouteSettings& to) {
  std::vector<std::string> declared;
  for (const auto& provider : settings.providers) {
    if (!provider.zone.empty()) declared.push_back(provider.zone);
  }
  to.allow_zones.emplace();
  for (const Node* node : nodes) {
    to.allow_zones->push_back(node->text);
    if (std::find(declared.begin(), declared.end(), node->text) != declared.end()) continue;
    if (const std::string near = suggest(node->text, declared); !near.empty()) {
      section.warning(*node, "no provider declares the zone " + in_quotes(node->text),
                      "did you mean " + in_quotes(near) + "?");
    }
  }
}

void read_filters(Section& section, const runtime::Settings& settings, RouteSettings& to) {
  if (const auto nodes = section.strings("requires", "requires = [\"vision\"]"))
    to.requires_ = words_of(section, *nodes, capabilities());
  section.integer("min_context", to.min_context, 0, 1'000'000'000);
  if (const auto nodes = section.strings("allow_cost", "allow_cost = [\"free\", \"flat\"]")) {
    refuse_empty(section, "allow_cost", *nodes);
    to.allow_cost = words_of(section, *nodes, costs());
  }
  if (const auto nodes = section.strings("allow_zones", "allow_zones = [\"eu\", \"local\"]")) {
    refuse_empty(section, "allow_zones", *nodes);
    read_zones(section, *nodes, settings, to);
  }
}

void read_params(Section& section, RouteSettings& to) {
  auto params = section.table("params");
  if (!params) return;
  for (const Node* member : params->rest()) {
    if (member->key == "model" || member->key == "messages" || member->key == "stream") {
      params->error(*member, "is decided for every call, not by a route", "take it out");
    } else if (auto text = json_value(*params, *member)) {
      to.params.emplace_back(member->key, *std::move(text));
    }
  }
}

void read_policy(Section& section, RouteSettings& to) {
  auto on = section.table("on");
  if (!on) return;
  const std::vector<std::string> verdicts = {"next_target", "give_up"};
  for (const Node* member : on->rest()) {
    const auto reason = fallback::parse_reason(member->key);
    if (!reason) {
      const bool group =
          std::find(reason_groups().begin(), reason_groups().end(), member->key) != reason_groups().end();
      on->report().error(member->key_place, on->name_of(*member), group ? "is a group of reasons" : "unknown reason",
                         group ? "name each reason of it" : remedy_for_word(member->key, reasons(), "known are"));
    } else if (*reason == Reason::deadline_exceeded || *reason == Reason::cancelled) {
      on->report().error(member->key_place, on->name_of(*member), "always ends the call", "take it out");
    } else if (const auto verdict = on->word(*member, verdicts)) {
      to.on[*reason] = *verdict == 0 ? Verdict::next_target : Verdict::give_up;
    }
  }
}

RouteSettings read_route(Section& section, const Context& context, const runtime::Settings& settings) {
  RouteSettings to;
  to.name = section.node().key;
  to.place = section.report().shown(section.node().key_place);
  read_targets(section, context, settings, to);
  read_limits(section, to);
  read_filters(section, settings, to);
  read_params(section, to);
  read_policy(section, to);
  section.finish();
  return to;
}

}  // namespace

void read_routes(Section& root, const Context& context, runtime::Settings& settings) {
  for (Section& section : root.named("route", "[route.NAME]")) {
    const std::string& name = section.node().key;
    if (!is_name(name)) section.error("is not a route's name", std::string(name_rule));
    if (name == "auto") section.error("is built in", "order it with [auto] providers = [...], or choose another name");
    if (settings.provider(name) != nullptr)
      section.error("is the name of a provider too, and a model's name must mean one thing",
                    "another name for the route");
    settings.routes.push_back(read_route(section, context, settings));
  }
}

void read_auto(Section& root, const Context& context, runtime::Settings& settings) {
  auto section = root.table("auto");
  if (!section) return;
  if (const auto nodes = section->strings("providers", "providers = [\"NAME\", \"NAME\"]")) {
    if (section->find("providers")->items.empty())
      section->error(*section->find("providers"), "is empty, so the route auto can answer nothing",
                     "take [auto] out for all providers in their order");
    std::vector<std::string> known;
    for (const auto& provider : settings.providers) known.push_back(provider.name);
    settings.auto_providers.emplace();
    for (const Node* node : *nodes) {
      if (settings.provider(node->text) == nullptr && context.whole) {
        section->error(*node, "unknown provider " + in_quotes(node->text),
                       remedy_for_word(node->text, known, "known are"));
      } else if (std::find(settings.auto_providers->begin(), settings.auto_providers->end(), node->text) !=
                 settings.auto_providers->end()) {
        section->error(*node, in_quotes(node->text) + " is listed twice", "take one out");
      } else {
        settings.auto_providers->push_back(node->text);
      }
    }
  }
  section->finish();
}

void read_holds(Section& root, fallback::HoldSettings& holds) {
  auto section = root.table("holds");
  if (!section) return;
  section->duration("auth", holds.auth, Zero::allowed);
  section->duration("quota", holds.quota, Zero::allowed);
  section->duration("rate", holds.rate, Zero::allowed);
  section->duration("overloaded", holds.overloaded, Zero::allowed);
  section->duration("endpoint", holds.endpoint, Zero::allowed);
  section->duration("model", holds.model, Zero::allowed);
  section->duration("plugin", holds.plugin, Zero::allowed);
  section->duration("max", holds.max, Zero::allowed);
  section->finish();
}

}  // namespace belay::config
