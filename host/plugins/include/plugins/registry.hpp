// Registry: which plugin files there are, which may run and why not, and the way from a provider type to an instance. Files are known by their ELF
// note, read without running anything; a plugin is mapped when the first instance of one of its types is made.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugins/provider.hpp"
#include "plugins/settings.hpp"
#include "plugins/trial.hpp"

namespace belay::plugins {

class Registry;

/// What the note says.
struct NoteFacts {
  std::uint32_t abi_major = 0, abi_minor = 0, min_host_minor = 0;
  bool draft = false;
  std::string hash, id, name, version, vendor;
  std::vector<std::string> types;
  std::vector<std::string> origins;   ///< patterns its secrets may go to beside the configured base URL
};

enum class FileState : std::uint8_t {
  usable,     ///< passed every check that needs no mapping
  loaded,
  disabled,   ///< [plugins.TYPE] enabled = false
  shadowed,   ///< another file earlier in the order has the type
  refused,
};
std::string_view to_string(FileState);

/// One file that was found, for `belay plugins`.
struct FileReport {
  std::string path;
  FileState state = FileState::refused;
  std::optional<NoteFacts> note;
  std::string trust;   ///< "owner root, not writable by others", "sha256 listed", ... or why it is not trusted
  std::string why;     ///< one sentence when it is not used
  std::string sha256;  ///< of the file, where it was needed; else empty
};

enum class TypeState : std::uint8_t {
  serving,
  kept,     ///< its file turned bad or went away: what this process had mapped before goes on serving
  refused,  ///< nothing serves it
};
std::string_view to_string(TypeState);

/// What a running process does about one provider type, for its status.
struct TypeStatus {
  std::string type;
  TypeState state = TypeState::serving;
  std::string id, version, sha256;  ///< of what serves
  std::string path;                 ///< of the file
  std::string why;                  ///< kept, refused: a sentence about the file that is there now
  bool restart_needed = false;      ///< only another process can use that file
};

/// What a registry has beside its settings; all of it may be missing.
struct RegistryOptions {
  TryOut try_out;                    ///< what a new file must pass before it is mapped; none: it is mapped untried
  std::vector<Trial> trials;         ///< what it is tried with: the configured instances
  Quarantine* quarantine = nullptr;  ///< outlives the registry
  const Registry* before = nullptr;  ///< the one in force until now: what it serves goes on where a file turned bad. Used by the constructor alone
  bool hash_all = false;             ///< look up every file in the quarantine, not only those that get mapped
};

class Registry {
 public:
  /// Reads the folders; never fails as a whole: a bad file is a report. `services` outlives the registry.
  Registry(LoaderSettings settings, Services& services, RegistryOptions options = {});
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// [any thread]
  [[nodiscard]] std::vector<FileReport> files() const;
  /// The types that were asked for so far, sorted. [any thread]
  [[nodiscard]] std::vector<TypeStatus> types() const;
  /// The build that serves `type`, as a number that is another one for other bytes; 0: none was loaded. [any thread]
  [[nodiscard]] std::uint64_t build_of(std::string_view type) const;
  /// The note of the file that serves `type`, without mapping it; nullopt: no usable file.
  [[nodiscard]] std::optional<NoteFacts> note_of(std::string_view type) const;
  /// Why `type` can't be served: "no plugin serves type "opnai" (did you mean "openai"?); looked in ...". For messages.
  [[nodiscard]] std::string why_not(std::string_view type) const;

  /// Loads the plugin if need be and checks what it says of itself; null with a sentence. Descriptors live as long as the process.
  Result<const Descriptor*> descriptor(std::string_view type);
  /// Checks the options against the plugin's JSON Schema, then makes an instance. Instances may outlive the registry.
  Result<std::unique_ptr<Instance>> make(std::string_view type, const InstanceConfig& config);

  /// Maps and checks one file on its own, whatever the folders and policies say, for `belay plugins inspect FILE`.
  static FileReport inspect(const std::string& path, const LoaderSettings& settings, std::vector<Descriptor>* descriptors);

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace belay::plugins
