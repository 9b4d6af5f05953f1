// HoldBook: until when a credential, a target, an endpoint or a plugin is left alone, and why. Shared through the state with every process; read from
// memory as long as nobody changed anything. A hold that ran out is half-open: one call at a time may probe.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "fallback/reason.hpp"
#include "fallback/settings.hpp"
#include "state/state.hpp"

namespace belay::fallback {

/// What a hold is about, and how `status` and `reset` name it.
struct HoldKey {
  Scope scope = Scope::target;
  std::string key;                     ///< state key below hold/
  std::string provider, model, credential;
  std::string what;                    ///< for people: "spare/m1", "main#env", "https://api.example.org"

  /// Whether it is about the secret with that identity at that origin, whoever placed it.
  [[nodiscard]] bool of_secret(std::string_view identity, std::string_view origin) const;
};

HoldKey target_key(const std::string& provider, const std::string& model);
HoldKey endpoint_key(const std::string& origin, const std::string& provider);
HoldKey plugin_key(const std::string& type);
/// `identity`: of the secret, so that two entries with the same one are held together; per origin, since a key means nothing elsewhere.
HoldKey credential_key(const std::string& provider, const std::string& id, const std::string& identity, const std::string& origin);
HoldKey credential_model_key(const std::string& provider, const std::string& id, const std::string& identity, const std::string& origin,
                             const std::string& model);

struct Hold {
  HoldKey key;
  Reason reason = Reason::overloaded;
  UnixMs since = 0;
  UnixMs until = 0;
  bool until_secret = false;           ///< only a new secret ends it; never probed
  int strikes = 0;                     ///< failed probes
  std::uint64_t generation = 0;        ///< of the credential when it failed; of a plugin its build
  std::string message;
  UnixMs probe_until = 0;              ///< a probe runs, at most until then
  std::string prober;

  /// Whether a secret of that generation ends it: auth holds, and those that wait for a new secret. A plugin's ends with another build.
  [[nodiscard]] bool ended_by(std::uint64_t newer) const {
    if (key.scope == Scope::plugin) return newer != 0 && generation != 0 && newer != generation;
    return newer > generation && (until_secret || reason == Reason::auth_rejected);
  }
};

enum class Gate : std::uint8_t {
  open,
  held,
  probe,     ///< ran out: begin_probe() decides who may try
};

/// What place() is told.
struct Placing {
  HoldKey key;
  Reason reason = Reason::overloaded;
  std::optional<Millis> told;          ///< the provider's own time, shorter or longer
  std::optional<Millis> at_most;       ///< where the setting is longer than fits
  bool until_secret = false;
  std::uint64_t generation = 0;
  std::string message;
  UnixMs attempt_began = 0;            ///< an attempt that began before the hold does not make it grow
};

/// Thread-safe.
class HoldBook {
 public:
  HoldBook(state::State& state, const Clock& clock, HoldSettings settings);

  /// Nothing is held anywhere: the usual case, asked before any key is put together.
  [[nodiscard]] bool none();
  /// The hold, also one that ran out and waits for its probe.
  std::optional<Hold> find(const HoldKey& key);
  static Gate gate(const Hold& hold, UnixMs now);

  /// True for one caller at a time, across processes; the lease ends with end_probe(), place(), clear() or after `at_most`.
  bool begin_probe(const HoldKey& key, const std::string& who, Millis at_most);
  void end_probe(const HoldKey& key, const std::string& who);

  /// Places or grows a hold. Returns how long it lasts from now; 0: none was placed; -1: until the secret changes.
  Millis place(const Placing& placing);
  /// A success, a new secret or an operator ends it.
  void clear(const HoldKey& key);

  std::vector<Hold> all();
  /// Ends those that `which` picks. Returns how many.
  Result<int> lift(const std::function<bool(const HoldKey&)>& which);

 private:
  void refresh_locked();

  state::State& state_;
  const Clock& clock_;
  const HoldSettings settings_;
  std::mutex mutex_;
  std::uint64_t seen_ = 0;             // guarded by mutex_
  bool loaded_ = false;                // guarded by mutex_
  std::unordered_map<std::string, Hold> holds_;  // guarded by mutex_
};

}  // namespace belay::fallback
