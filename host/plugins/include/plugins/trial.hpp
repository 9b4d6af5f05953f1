// Trying a plugin before a process maps it: in a child, which maps the same bytes and makes the instances that are
// configured. A file that crashes, hangs or refuses takes nobody along.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugins/provider.hpp"

namespace belay::plugins {

struct InstanceConfig {
  std::string name;       ///< [provider.NAME]
  std::string base_url;
  std::string options = "{}";
  std::string model;
};

/// One instance that a new file is tried with.
struct Trial {
  std::string type;
  InstanceConfig config;
};

enum class Tried : std::uint8_t {
  good,
  refused,     ///< it says no, or breaks the contract: with other options or libraries it may be good
  broke,       ///< it crashed, hung or ended the process: not tried again, whatever the configuration
  unfinished,  ///< nothing is known: the child could not be started, or nobody waits any more
};

struct TrialEnd {
  Tried how = Tried::good;
  std::string why;  ///< the rest of a sentence about the file
};

/// Tries the image behind a descriptor (see image.hpp), which came from `path`. Blocks.
using TryOut = std::function<TrialEnd(int image, const std::string& path, const std::vector<Trial>& trials)>;

/// What the child does with the image that it was handed. Before each step `told` hears what it is: "mapping it",
/// "making an instance for provider.main". The error is the rest of a sentence about the file.
Result<void> try_image(int image, const std::string& path, const std::vector<Trial>& trials, Services& services,
                       const std::function<void(std::string_view step)>& told);

/// What is remembered of files that were tried and found bad, by their SHA-256; processes that share a state share it.
/// Implemented by the runtime. Thread-safe.
class Quarantine {
 public:
  virtual ~Quarantine() = default;
  /// How the trial of these bytes ended; nullopt: nothing bad is known of them.
  virtual std::optional<TrialEnd> find(const std::string& sha256) = 0;
  virtual void put(const std::string& sha256, const std::string& path, const TrialEnd& end) = 0;
  /// The file at `path` is good: what was remembered of earlier ones there is forgotten.
  virtual void release(const std::string& path) = 0;
};

}  // namespace belay::plugins
