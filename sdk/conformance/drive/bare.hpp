// Exchanges through the raw tables with as little as possible in between: no copies, no allocations, every call on its own, so that calls can be interleaved,
// moved between threads, timed, counted and repeated ten thousand times. What came of it is kept as a tape: a transcript, or numbers only.
// (drive/play.hpp is the comfortable way; it makes one whole exchange.)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "belay/ext/transport.h"
#include "drive/lent.hpp"
#include "drive/subject.hpp"

namespace belay::conform {

/// A sink for events. Checks the grammar of belay/event.h as they come, keeps the first breach.
class EventTape {
 public:
  enum class Keep : std::uint8_t { numbers, transcript };
  EventTape(Keep keep, bool raw_wire, bool message);
  EventTape(const Cassette& tape, Keep keep) : EventTape(keep, !tape.wire.empty(), tape.operation == "chat") {}
  EventTape(const EventTape&) = delete;
  EventTape& operator=(const EventTape&) = delete;

  [[nodiscard]] const belay_sink* sink() const { return &sink_; }
  std::size_t stop_at = SIZE_MAX;   ///< the sink says STOP at this event

  // ---- what came
  std::size_t events = 0, after_stop = 0;
  std::uint64_t bytes = 0;
  bool terminal = false, raw = false;
  std::string breach;               ///< the first rule that was broken; empty: none
  /// One line an event; consecutive deltas of a kind and tool are one line, so that two ways of cutting a body compare equal.
  std::string transcript;
  /// The sink has said STOP. (A plugin's STOP without that means OK to a host, which goes on.)
  [[nodiscard]] bool stopped() const { return events > stop_at; }
  /// What a host makes of a status.
  [[nodiscard]] belay_status as_host(belay_status status) const { return status <= 0 ? status : stopped() ? BELAY_STOP : BELAY_OK; }
  /// A terminal event came, or RAW, whose end the host finds.
  [[nodiscard]] bool complete() const { return terminal || raw; }

 private:
  static belay_status emit(void* host, const belay_event* event);
  belay_status take(const belay_event& event);
  const char* broken_rule(const belay_event& event);
  const char* broken_tool_rule(const belay_event& event);
  void write(const belay_event& event);

  belay_sink sink_;
  const Keep keep_;
  const bool raw_wire_, message_;
  bool started_ = false;
  std::vector<std::uint32_t> open_tools_, closed_tools_;
  belay_usage usage_{sizeof(belay_usage), 0, -1, -1, -1, -1, -1, -1};
  std::uint32_t last_type_ = 0, last_index_ = 0;
};

/// A writer that keeps what is written.
class RequestTape {
 public:
  RequestTape();
  RequestTape(const RequestTape&) = delete;
  RequestTape& operator=(const RequestTape&) = delete;
  [[nodiscard]] const belay_http_writer* writer() const { return &writer_; }
  std::string line, headers, body;   ///< "POST https://...", "name: value\n" each with " (secret)" where marked
  bool body_as_given = false;
  /// All of it, for comparisons.
  [[nodiscard]] std::string text() const { return line + "\n" + headers + "\n" + (body_as_given ? "(body as given)" : body); }

 private:
  belay_http_writer writer_;
};

/// A writer that takes all and keeps nothing.
const belay_http_writer* silent_writer();

/// A buffer whose last byte is the last of its page: pieces are put at its end before they go to the plugin, so that reading on is a crash, and are
/// overwritten afterwards, so that what is kept is garbage.
class PieceWindow {
 public:
  static constexpr std::size_t most = std::size_t{16} << 10;   ///< bytes in a piece, by the ABI
  PieceWindow() : bytes_(most) {}
  belay_bytes put(std::string_view piece);
  void spoil();

 private:
  GuardedBytes bytes_;
  std::size_t used_ = 0;
};

/// One exchange, call by call. end() comes with the destructor unless it was called.
class BareExchange {
 public:
  BareExchange(const Subject&, belay_instance*, const Lent&);
  ~BareExchange() { end(); }
  BareExchange(const BareExchange&) = delete;
  BareExchange& operator=(const BareExchange&) = delete;

  [[nodiscard]] bool begun() const { return exchange_ != nullptr; }
  belay_status begin_status = BELAY_ERR_INTERNAL;
  ErrorRoom error;                 ///< of the last call that failed

  belay_status build(const belay_http_writer*);
  belay_status head(const belay_head*, EventTape&);
  belay_status chunk(belay_bytes piece, EventTape&);
  belay_status finish(std::uint32_t how, EventTape&);
  belay_status run(EventTape&, const belay_cancel*);
  void end();

 private:
  const Subject& subject_;
  belay_exchange* exchange_ = nullptr;
};

/// belay.transport/1 of the plugin, or nullptr.
const belay_transport* transport_of(const Subject&);

/// How one whole exchange goes.
struct BareOptions {
  std::size_t piece = PieceWindow::most;   ///< bytes of the body a call
  std::optional<std::uint32_t> finish;     ///< instead of what the reply says
};
/// From begin() to end(): with HTTP slots build, head, pieces, finish; else run. Returns the first status that is not OK, else OK. A reply that is not 2xx goes
/// from build to finish(FAILED), as in a host. The exchange's error text is put into the transcript.
belay_status play_bare(const Subject&, belay_instance*, const Lent&, const CassetteReply&, EventTape&, const BareOptions& = {});

/// create(), failing the check where the plugin refuses; destroyed with it.
class BareAccount {
 public:
  BareAccount(const Case&, const Subject&, const Lent&);
  ~BareAccount() { destroy(); }
  BareAccount(const BareAccount&) = delete;
  BareAccount& operator=(const BareAccount&) = delete;
  [[nodiscard]] belay_instance* get() const { return instance_; }
  void destroy();

 private:
  const Subject& subject_;
  belay_instance* instance_ = nullptr;
};

}  // namespace belay::conform
