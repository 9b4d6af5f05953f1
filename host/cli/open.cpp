#include "open.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.hpp"
#include "plugin_trial.hpp"
#include "refresh_child.hpp"

namespace belay::cli {
namespace {

/// Only what another process can see can be refreshed by another process.
bool shared(const runtime::Settings& settings) { return !settings.state.starts_with("memory:"); }

Program child_of(const Arguments& arguments) {
  Program child = refresh_child();
  // As it was given: the working folder is the same.
  if (const auto file = arguments.value("--config")) child.words.push_back("--config=" + *file);
  return child;
}

}  // namespace

std::optional<runtime::Settings> load_settings(const Arguments& arguments, const Console& console) {
  std::optional<std::filesystem::path> file;
  if (const auto named = arguments.value("--config")) file = *named;
  config::Loaded loaded = config::load(config::process_environment(), file);
  if (!loaded.errors.empty()) {
    complain(console, loaded.errors);
    return std::nullopt;
  }
  for (const Diagnostic& warning : loaded.warnings) log(LogLevel::info, "config", warning.text());
  return std::move(loaded.settings);
}

OneShot::~OneShot() {
  if (!runtime_) return;
  const std::uint64_t one = 1;
  if (write(leaving_.get(), &one, sizeof one) < 0) {
    // Then the runtime waits for the refresh, which is slow but not wrong.
  }
}

OneShot open_runtime(runtime::Settings settings, const Arguments& arguments, const Console& console,
                     Plugins plugins) {
  Fd leaving(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  // The runtime calls the function, which may need the runtime: it is told where that is once it exists.
  const auto self = std::make_shared<runtime::Runtime*>(nullptr);
  runtime::Options options;
  options.refresh_ahead = false;
  if (plugins == Plugins::tried) options.try_out = try_out_with({});
  if (shared(settings)) {
    options.refresh_elsewhere = [self, child = child_of(arguments),
                                 fd = leaving.get()](const credentials::RefreshRequest& request) {
      if (auto result = refresh_in_child(child, request, fd)) return *std::move(result);
      return (*self)->refresh_here(request);
    };
  }
  auto opened = runtime::Runtime::open(std::move(settings), std::move(options));
  if (!opened) {
    complain(console, opened.error().message);
    return {};
  }
  *self = opened->get();
  return {std::move(leaving), *std::move(opened)};
}

OneShot open_runtime(const Arguments& arguments, const Console& console) {
  auto settings = load_settings(arguments, console);
  if (!settings) return {};
  return open_runtime(*std::move(settings), arguments, console);
}

}  // namespace belay::cli
