// What the host lends a plugin for an instance and an exchange, made from a cassette: config, request with the index of its members, credential. All of it
// lies in one arena, which a check may make read-only (LIFE-09); the plain checks leave it writable, so that each fault shows in one check.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "belay/plugin.h"
#include "drive/cassette.hpp"
#include "drive/guard_page.hpp"

namespace belay::conform {

inline belay_str lend(std::string_view text) { return {text.data(), text.size()}; }
inline belay_bytes lend_bytes(std::string_view bytes) { return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}; }
inline std::string_view told(belay_str text) { return text.len == 0 ? std::string_view() : std::string_view(text.ptr, text.len); }

/// What differs from the cassette.
struct LentChanges {
  std::optional<std::string> base_url, options, model, name;   ///< of the configuration
  std::optional<std::string> body, secret;                     ///< of the exchange
  std::uint64_t generation = 1;
};

class Lent {
 public:
  explicit Lent(const Cassette&, const LentChanges& = {});
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

  [[nodiscard]] const belay_config* config() const { return config_; }
  [[nodiscard]] const belay_request* request() const { return request_; }
  [[nodiscard]] const belay_credential* credential() const { return credential_; }   ///< nullptr: keyless
  [[nodiscard]] bool stream() const { return (request_->flags & BELAY_REQUEST_STREAM) != 0; }
  /// From here on a write to any of it is a crash.
  void seal() { arena_.seal(); }
  /// Whether an address is on its pages: what a write to read-only memory hit.
  [[nodiscard]] bool holds(const void* address) const { return arena_.holds(address); }

 private:
  ReadOnlyArena arena_;
  belay_config* config_;
  belay_request* request_;
  belay_credential* credential_ = nullptr;
};

/// The head of a reply, its fields and their texts.
class LentHead {
 public:
  explicit LentHead(const CassetteReply&);
  LentHead(const LentHead&) = delete;
  LentHead& operator=(const LentHead&) = delete;
  [[nodiscard]] const belay_head* head() const { return head_; }
  [[nodiscard]] belay_fields fields() const { return head_->headers; }
  void seal() { arena_.seal(); }

 private:
  ReadOnlyArena arena_;
  belay_head* head_;
};

/// The failure that a reply which is not 2xx is told as, with the first 64 KiB of its body; texts end at a guard page.
class LentFailure {
 public:
  explicit LentFailure(const CassetteReply&, std::uint32_t kind = BELAY_FAILURE_STATUS);
  LentFailure(const LentFailure&) = delete;
  LentFailure& operator=(const LentFailure&) = delete;
  [[nodiscard]] const belay_failure* get() const { return failure_.get(); }
  void seal();

 private:
  LentHead head_;
  GuardedBytes body_;
  Guarded<belay_failure> failure_;
};

/// The argument of refresh_credentials(): the cassette's credential, the cause REJECTED, the failure that led there.
class LentRefresh {
 public:
  LentRefresh(const Cassette&, belay_ctx* ctx, std::int64_t deadline_ns);
  LentRefresh(const LentRefresh&) = delete;
  LentRefresh& operator=(const LentRefresh&) = delete;
  [[nodiscard]] const belay_refresh_in* in() const { return in_; }
  void seal();

 private:
  ReadOnlyArena arena_;
  LentFailure failure_;
  belay_refresh_in* in_;
};

/// What classify_error() writes to, with room for its texts.
struct ClassificationRoom {
  ClassificationRoom();
  ClassificationRoom(const ClassificationRoom&) = delete;
  ClassificationRoom& operator=(const ClassificationRoom&) = delete;
  belay_classification out{};
  char message[1024], parameter[256], rename[256];
  /// The whole answer as one line, for comparisons and people.
  [[nodiscard]] std::string text(belay_status status) const;
};

/// Room for an error's text; `error` is what a call gets.
struct ErrorRoom {
  ErrorRoom() : error{sizeof error, 0, {room, sizeof room, 0}} {}
  ErrorRoom(const ErrorRoom&) = delete;
  ErrorRoom& operator=(const ErrorRoom&) = delete;
  char room[512] = {};
  belay_error error;
  [[nodiscard]] std::string text() const { return {room, error.text.len < sizeof room ? error.text.len : sizeof room}; }
};

}  // namespace belay::conform
