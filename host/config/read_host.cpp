// [host] and [plugins.TYPE].
#include <array>

#include "folders.hpp"
#include "readers.hpp"
#include "words.hpp"

namespace belay::config {
namespace {

using plugins::Isolation;
using plugins::Trust;

constexpr std::array<std::pair<std::string_view, Trust>, 4> trusts = {
    {{"any", Trust::any}, {"packaged", Trust::packaged}, {"listed", Trust::listed}, {"signed", Trust::signed_}}};
constexpr std::array<std::pair<std::string_view, Isolation>, 2> isolations = {
    {{"in-process", Isolation::in_process}, {"process", Isolation::process}}};

void read_state(Section& host, const Context& context, std::string& state) {
  constexpr std::string_view forms = "memory: or file:DIR";
  std::string text;
  if (!host.text("state", text, forms)) return;
  const Node& node = *host.find("state");
  if (text == "memory:") {
    state = text;
  } else if (text.starts_with("file:")) {
    if (text.size() == 5) return host.error(node, "names no folder", "file:/var/lib/belay");
    state = "file:" + resolved(context.environment, host.report().file(node.place), text.substr(5));
  } else if (text.starts_with("redis://") || text.starts_with("rediss://")) {  // may hold a password: not quoted
    host.error(node, "this build cannot honour shared state in Redis",
               "use file:DIR, which all processes of this machine share");
  } else {
    host.error(node, "is not a kind of state", std::string(forms));
  }
}

void read_trust(Section& host, Trust& trust) {
  if (!host.choice<Trust>("trust", trusts, trust) || trust != Trust::signed_) return;
  host.error(*host.find("trust"), "this build cannot check signatures",
             "use \"listed\" with the sha256 of each file, or \"packaged\"");
}

void read_dirs(Section& host, const Context& context, std::vector<std::string>& dirs) {
  const auto nodes = host.strings("plugin_dirs", "plugin_dirs = [\"/usr/lib/belay/plugins\"]");
  if (!nodes) {
    dirs = {default_plugin_dir(context.environment)};
    return;
  }
  for (const Node* node : *nodes) {
    if (node->text.empty()) {
      host.error(*node, "is empty", "a folder");
    } else {
      dirs.push_back(resolved(context.environment, host.report().file(node->place), node->text));
    }
  }
}

void read_policy(Section& section, plugins::PluginPolicy& policy) {
  section.flag("enabled", policy.enabled);
  if (const auto digests = section.strings("sha256", "sha256 = [\"64 hexadecimal digits\"]")) {
    for (const Node* digest : *digests) {
      if (is_sha256(digest->text)) {
        policy.sha256.push_back(lower_case(digest->text));
      } else {
        section.error(*digest, "is not a SHA-256", "64 hexadecimal digits, as `sha256sum FILE` prints them");
      }
    }
  }
  if (section.choice<Isolation>("isolation", isolations, policy.isolation) && policy.isolation == Isolation::process) {
    section.error(*section.find("isolation"), "this build cannot run a plugin in a process of its own",
                  "use \"in-process\"");
  }
}

}  // namespace

void read_host(Section& root, const Context& context, runtime::Settings& settings) {
  static const Node nothing;
  settings.state = default_state(context.environment);
  std::optional<Section> host = root.table("host");
  if (!host) host.emplace(Section(context.reading, nothing, "host", "host"));
  read_state(*host, context, settings.state);
  settings.state_key = read_source(*host, "state_key", context);
  read_trust(*host, settings.loader.trust);
  std::vector<std::string> dirs;
  read_dirs(*host, context, dirs);
  settings.loader.dirs = plugin_path(context.environment);
  settings.loader.dirs.insert(settings.loader.dirs.end(), dirs.begin(), dirs.end());
  host->finish();
}

void read_plugins(Section& root, plugins::LoaderSettings& loader) {
  for (Section& section : root.named("plugins", "[plugins.TYPE]")) {
    const std::string& type = section.node().key;
    if (!is_provider_type(type)) section.error("is not a provider type", std::string(provider_type_rule));
    plugins::PluginPolicy policy;
    policy.place = section.report().shown(section.node().key_place);
    read_policy(section, policy);
    section.finish();
    loader.policies.emplace(type, std::move(policy));
  }
}

}  // namespace belay::config
