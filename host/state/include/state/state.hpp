// State: what belay remembers between calls and shares between processes. A small store of JSON records by key, with one memory word that
// tells whether anything changed, and leases that die with their holder. Backends: memory, a folder (file:), later Redis.
//
// Keys are paths of words: hold/..., grant/..., credential/..., counter/..., learned/..., note/.... A record is at most 64 KiB.
#pragma once

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

/// An exclusive lease; released when destroyed or when its process dies.
class Lease {
 public:
  virtual ~Lease() = default;
};

class State {
 public:
  virtual ~State() = default;

  /// Grows whenever any record is changed by anyone who shares this state. One memory read: call it as often as you like. [any thread]
  [[nodiscard]] virtual std::uint64_t version() const = 0;

  /// The record, or nullopt. A damaged record is an error that names its file; it is never silently dropped. [any thread, may do file I/O]
  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;
  /// All records below a prefix ("hold/"), sorted by key. [any thread, may do file I/O]
  virtual Result<std::vector<std::pair<std::string, std::string>>> list(std::string_view prefix) = 0;

  /// Replaces a record atomically: readers see the old or the new one, also after kill -9; with Durable::yes also after a power cut. [any thread]
  virtual Result<void> put(std::string_view key, std::string_view value, Durable durable) = 0;
  virtual Result<void> erase(std::string_view key) = 0;

  /// Read-modify-write under the record's own lock, across processes. `change` gets the old value (nullopt: none) and returns the new one
  /// (nullopt: erase). Returns what is stored then. [any thread]
  using Change = std::function<std::optional<std::string>(const std::optional<std::string>& old)>;
  virtual Result<std::optional<std::string>> update(std::string_view key, const Change& change, Durable durable) = 0;

  /// Waits for the exclusive lease of `name` until `until`; an error when time ran out or `cancel` was cancelled. Threads of one process
  /// exclude each other too. Not tied to a thread. [any thread, blocks]
  virtual Result<std::unique_ptr<Lease>> lease(std::string_view name, MonoTime until, const CancelToken& cancel) = 0;

  /// A random value made once for this state, for keyed fingerprints of secrets (so that records never hold a plain hash).
  [[nodiscard]] virtual const std::string& salt() const = 0;

  /// "memory:" or "file:DIR": whether other processes can see it.
  [[nodiscard]] virtual bool shared() const = 0;
};

/// Opens "memory:", "file:DIR" (made with mode 0700 when absent; refused when others may write it). The error says what to do.
Result<std::unique_ptr<State>> open(std::string_view url);

}  // namespace belay::state
