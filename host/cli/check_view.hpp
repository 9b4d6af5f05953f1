// What `belay check` found, and how it prints it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "credentials/store.hpp"
#include "fallback/trace.hpp"
#include "plugins/registry.hpp"
#include "runtime/settings.hpp"
#include "screen.hpp"

namespace belay::cli {

/// One tiny call to one target.
struct Probe {
  std::string target;
  fallback::Trace trace;
  std::string error;  ///< empty: answered
};

struct CheckReport {
  std::vector<std::string> files;   ///< configuration, in the order in which it was read
  std::vector<std::string> errors;  ///< each makes the exit code 2
  std::vector<std::string> warnings;
  const runtime::Settings* settings = nullptr;  ///< null when the configuration has errors
  std::vector<plugins::FileReport> plugins;
  std::vector<credentials::Status> credentials;
  std::vector<Probe> probes;

  [[nodiscard]] bool good() const { return errors.empty(); }
  [[nodiscard]] bool answered() const;  ///< every probe was
};

std::string check_text(const CheckReport& report, const Screen& screen);
std::string check_json(const CheckReport& report);

}  // namespace belay::cli
