// The plugin under test: mapped, greeted, its tables read by the rules of the ABI (sizes, strides), its cassettes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "belay/plugin.h"
#include "drive/cassette.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {

class Case;
struct ChildSetup;

/// How the library is mapped: RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE, as the host does. Fails the check with dlerror's words.
using EntryFunction = belay_plugin_entry_fn;
EntryFunction map_plugin(const Case&, const std::string& path);

struct Subject {
  std::string path;
  TestHost host;                        ///< of this process; its table is what hello carries
  const belay_plugin* module = nullptr; ///< as the plugin answered
  std::uint32_t index = 0;              ///< of the provider under test
  const belay_descriptor* descriptor = nullptr;
  const belay_provider_api* api = nullptr;
  std::vector<Cassette> cassettes;      ///< of the provider under test, sorted by name

  [[nodiscard]] bool has(std::uint32_t cap) const { return (descriptor->caps & cap) != 0; }
  [[nodiscard]] bool own_transport() const { return has(BELAY_CAP_OWN_TRANSPORT); }
  [[nodiscard]] bool speaks(std::string_view wire) const;
  [[nodiscard]] bool does(std::string_view operation) const;
  /// The cassette of that name ("ok-stream"), or nullptr.
  [[nodiscard]] const Cassette* cassette(std::string_view name) const;
  /// Those named `name` or `name.ANYTHING` ("429", "429.daily").
  [[nodiscard]] std::vector<const Cassette*> cassettes_of(std::string_view name) const;
};

/// Maps, greets, picks the provider, reads the cassettes. Fails the check where the plugin does not get that far.
std::unique_ptr<Subject> open_subject(const Case&, const ChildSetup&);

}  // namespace belay::conform
