// The way from a command's arguments to settings and a runtime; what goes wrong on it has been told on stderr when it
// returns nothing.
#pragma once

#include <memory>
#include <optional>

#include "base/file.hpp"
#include "command.hpp"
#include "config/load.hpp"
#include "runtime/runtime.hpp"

namespace belay::cli {

/// The configuration that --config names, or the usual files. nullopt: it has errors, all of them were told;
/// exit_usage.
std::optional<runtime::Settings> load_settings(const Arguments& arguments, const Console& console);

/// A runtime for a command that ends when its work is done. Refreshes run in a detached child, so that ending this
/// process never cuts a token request; going away does not wait for that child.
class OneShot {
 public:
  OneShot() = default;
  OneShot(Fd leaving, std::unique_ptr<runtime::Runtime> runtime)
      : leaving_(std::move(leaving)), runtime_(std::move(runtime)) {}
  OneShot(OneShot&&) noexcept = default;
  OneShot& operator=(OneShot&&) = delete;
  ~OneShot();

  explicit operator bool() const { return runtime_ != nullptr; }
  runtime::Runtime& operator*() const { return *runtime_; }
  runtime::Runtime* operator->() const { return runtime_.get(); }

 private:
  Fd leaving_;  ///< becomes readable when this goes away
  std::unique_ptr<runtime::Runtime> runtime_;
};

/// Whether plugins are tried in a child before they are mapped here: takes some milliseconds each, and what crashes is told
/// instead of crashing us.
enum class Plugins { untried, tried };

/// False when it could not be opened, which has been told; exit_usage.
OneShot open_runtime(runtime::Settings settings, const Arguments& arguments, const Console& console,
                     Plugins plugins = Plugins::untried);

/// load_settings() and then the above.
OneShot open_runtime(const Arguments& arguments, const Console& console);

}  // namespace belay::cli
