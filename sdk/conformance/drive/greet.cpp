#include "drive/greet.hpp"

#include "base/utf8.hpp"
#include "check.hpp"
#include "drive/lent.hpp"
#include "run/child.hpp"

namespace belay::conform {

void greet(const Case& c, Subject& plugin, const belay_hello& hello) {
  plugin.path = c.setup.plugin;
  const EntryFunction entry = map_plugin(c, plugin.path);
  ErrorRoom error;
  belay_status status = BELAY_OK;
  {
    const TestHost::Inside inside(Where::control, "belay_plugin_entry_v1");
    status = entry(&hello, &plugin.module, &error.error);
  }
  c.require(status == BELAY_OK && plugin.module != nullptr, "entry succeeds", "status " + std::to_string(status) + ": " + printable(error.text()));
  for (std::uint32_t i = 0; i < plugin.module->provider_count && plugin.api == nullptr; ++i) {
    const TestHost::Inside inside(Where::any, "descriptor");
    const belay_descriptor* about = plugin.module->descriptor(i);
    if (about == nullptr || (!c.setup.provider.empty() && told(about->type) != c.setup.provider)) continue;
    plugin.index = i;
    plugin.descriptor = about;
    plugin.api = plugin.module->api(i);
  }
  c.require(plugin.api != nullptr, "the provider under test is there", "the module has no provider \"" + c.setup.provider + "\"");
  if (c.setup.cassettes.empty()) return;
  auto cassettes = read_cassettes(c.setup.cassettes);
  c.require(cassettes.ok(), "the cassettes can be read", cassettes.ok() ? std::string() : cassettes.error().message);
  for (Cassette& tape : *cassettes) {
    if (tape.provider.empty() || tape.provider == told(plugin.descriptor->type)) plugin.cassettes.push_back(std::move(tape));
  }
}

}  // namespace belay::conform
