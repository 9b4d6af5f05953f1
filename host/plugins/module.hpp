// A plugin that was mapped and passed every check of what it says of itself: the way from a file to providers that can
// be called.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "belay/entry.h"
#include "belay/ext/login.h"
#include "belay/ext/transport.h"
#include "candidate.hpp"
#include "fault.hpp"
#include "image.hpp"
#include "plugins/registry.hpp"

namespace belay::plugins {

/// One provider of a module. The tables are the plugin's own and static; nobody above this folder sees them.
struct Provider {
  Descriptor descriptor;
  const belay_provider_api* api = nullptr;
  const belay_transport* transport = nullptr;  ///< with BELAY_CAP_OWN_TRANSPORT
  const belay_login* login = nullptr;          ///< where it offers one
};

/// Lives as long as the process once loaded, like the code behind it.
class Module {
 public:
  /// Builds of one provider type that a process maps: what is never unmapped must not grow without end.
  static constexpr std::size_t most_builds = 16;

  /// Maps the image of a usable candidate, says hello, checks the tables. The same bytes are mapped once and are one
  /// Module, however often and from wherever they are loaded. The error is the rest of a sentence about the file.
  /// [any thread]
  static Result<std::shared_ptr<Module>> load(Candidate& file, Image image);
  /// The module of these bytes; null: there is none yet. [any thread]
  static std::shared_ptr<Module> of(const std::string& sha256);
  /// Whether this process may map one more build of each of these types. [any thread]
  static bool room_for(const std::vector<std::string>& types);

  Module(NoteFacts note, std::string sha256, std::vector<Provider> providers);

  [[nodiscard]] const NoteFacts& note() const { return note_; }
  [[nodiscard]] const std::string& sha256() const { return sha256_; }
  [[nodiscard]] const std::vector<Provider>& providers() const { return providers_; }
  [[nodiscard]] const Provider* provider(std::string_view type) const;
  [[nodiscard]] std::string who() const { return note_.id + " " + note_.version; }
  FaultLatch& latch() { return latch_; }
  /// Held around [control] calls.
  std::mutex& control() { return control_; }

 private:
  const NoteFacts note_;
  const std::string sha256_;
  const std::vector<Provider> providers_;
  FaultLatch latch_;
  std::mutex control_;
};

}  // namespace belay::plugins
