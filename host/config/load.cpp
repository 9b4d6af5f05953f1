#include "config/load.hpp"

#include "files.hpp"
#include "folders.hpp"
#include "readers.hpp"

namespace belay::config {
namespace {

void warn_when_nothing_is_configured(const Environment& environment, bool one_file, const runtime::Settings& settings,
                                     Report& report) {
  if (!settings.providers.empty() || report.failed()) return;
  const auto folder = user_config_dir(environment);
  const std::string file = (folder.empty() ? environment.system_dir : folder) / "belay.toml";
  if (settings.files.empty())
    return report.warning({}, "", "no configuration found", "write " + file + ", or name a file with --config FILE");
  report.warning({}, "", "no provider is configured",
                 "add a [provider.NAME] table to " + (one_file ? settings.files.back() : file));
}

}  // namespace

runtime::Settings read_settings(const Node& root, const Environment& environment, bool whole, Reading& reading) {
  runtime::Settings settings;
  Presets presets(environment, reading);
  const Context context{environment, reading, presets, whole};
  Section top(reading, root, "", "");
  top.find("include");  // done by read_files()
  read_host(top, context, settings);
  read_plugins(top, settings.loader);
  read_providers(top, context, settings);
  read_routes(top, context, settings);
  read_auto(top, context, settings);
  read_holds(top, settings.holds);
  read_gateway(top, context, settings);
  top.finish();
  return settings;
}

Loaded load(const Environment& environment, const std::optional<std::filesystem::path>& file) {
  Report report;
  Reading reading{report};
  const Files files = read_files(environment, file, reading);
  Loaded loaded;
  loaded.settings = read_settings(files.root, environment, files.whole, reading);
  loaded.settings.files = files.names;
  warn_when_nothing_is_configured(environment, file.has_value(), loaded.settings, report);
  loaded.errors = report.errors();
  loaded.warnings = report.warnings();
  return loaded;
}

}  // namespace belay::config
