// Any bytes as a configuration file: the text guard, the TOML parser, merging and every reader. What comes out must be
// usable or explained.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/utf8.hpp"
#include "readers.hpp"
#include "toml.hpp"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

belay::config::Environment nobody() {
  belay::config::Environment environment;
  environment.variable = [](const std::string&) { return std::optional<std::string>(); };
  environment.program_dir = "/nonexistent/bin";
  environment.system_dir = "/nonexistent/etc";
  return environment;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace belay::config;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const Environment environment = nobody();
  Report report;
  Reading reading{report};
  const auto root = parse_toml(text, report.name("fuzz.toml"), report);
  require(root.has_value() != report.failed());
  if (!root) return 0;

  Node twice = *root;
  merge(twice, *root);  // a file laid over itself is itself
  const auto settings = read_settings(twice, environment, true, reading);

  for (const auto& diagnostic : report.errors()) {
    require(!diagnostic.problem.empty());
    const std::string shown = diagnostic.text();
    require(belay::valid_utf8(shown) && shown.find('\n') == std::string::npos &&
            shown.find('\x1b') == std::string::npos);
  }
  if (report.failed()) return 0;
  for (const auto& route : settings.routes) {
    require(!route.targets.empty() && !route.targets.front().on);
    for (const auto& target : route.targets) require(settings.provider(target.provider) != nullptr);
    require(route.deadline.count() > 0 && settings.provider(route.name) == nullptr);
  }
  return 0;
}
