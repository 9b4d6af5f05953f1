// State: what belay remembers between calls and shares between processes. A small store of JSON records by key, with memory words that tell
// whether anything changed, and leases that die with their holder. Backends: memory, a folder (file:), later Redis.
//
// Keys are paths of words: hold/..., grant/..., credential/..., counter/..., learned/..., note/.... The first word is the record's area; a key has
// at least two words. A key may hold any bytes; written with %XX for all but letters, digits and "._-" it has at most 240 characters.
// A record is one JSON value of at most 64 KiB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cancel.hpp"
#include "base/file.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace belay::state {

inline constexpr std::size_t max_record_bytes = 64u << 10;

/// An exclusive lease; released when destroyed or when its process dies.
class Lease {
 public:
  virtual ~Lease() = default;
};

class State {
 public:
  virtual ~State() = default;

  /// Grows whenever any record is changed by anyone who shares this state. One memory read: call it as often as you like. Read it before the
  /// records that are cached under it. [any thread]
  [[nodiscard]] virtual std::uint64_t version() const = 0;
  /// The same for the records of one area ("hold"), so that holds that come and go make nobody read credentials again. Areas may share a
  /// word: it may also grow for another area's sake. [any thread]
  [[nodiscard]] virtual std::uint64_t version(std::string_view area) const = 0;

  /// The record, or nullopt. A damaged record is an error that names its file; it is never silently dropped. [any thread, may do file I/O]
  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;
  /// All records below a prefix ("hold/"), sorted by key. The prefix holds at least the area and its "/". [any thread, may do file I/O]
  virtual Result<std::vector<std::pair<std::string, std::string>>> list(std::string_view prefix) = 0;

  /// Replaces a record atomically: readers see the old or the new one, also after kill -9; with Durable::yes also after a power cut. [any thread]
  virtual Result<void> put(std::string_view key, std::string_view value, Durable durable) = 0;
  virtual Result<void> erase(std::string_view key) = 0;

  /// Read-modify-write under the record's own lock, across processes. `change` gets the old value (nullopt: none) and returns the new one
  /// (nullopt: erase); it must not touch this state. Nothing is written when they are equal. Returns what is stored then. [any thread]
  using Change = std::function<std::optional<std::string>(const std::optional<std::string>& old)>;
  virtual Result<std::optional<std::string>> update(std::string_view key, const Change& change, Durable durable) = 0;

  /// Adds `by` to the shared counter `name` and returns what it was before: the turn of a pool. Counters are hints: they outlive processes, but
  /// of several hundred names some may share one. They change no version. Neither locks nor does I/O in the local backends. [any thread]
  virtual std::uint64_t count(std::string_view name, std::uint64_t by) = 0;

  /// Waits for the exclusive lease of `name` until `until` (steady clock); an error when time ran out or `cancel` was cancelled. Threads of one
  /// process exclude each other too. Not tied to a thread. [any thread, blocks]
  virtual Result<std::unique_ptr<Lease>> lease(std::string_view name, MonoTime until, const CancelToken& cancel) = 0;

  /// A random value made once for this state, for keyed fingerprints of secrets (so that records never hold a plain hash).
  [[nodiscard]] virtual const std::string& salt() const = 0;

  /// Whether other processes can see it: not "memory:".
  [[nodiscard]] virtual bool shared() const = 0;
};

/// Opens "memory:" or "file:DIR" (made with mode 0700 when absent; refused when others may write it). The error says what to do.
Result<std::unique_ptr<State>> open(std::string_view url);

}  // namespace belay::state
