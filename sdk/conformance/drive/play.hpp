// Drives exchanges and refreshes through the raw tables, and writes down what came of them. Every call into the plugin is made inside TestHost::Inside with
// buffers that are poisoned and freed afterwards, so that what a plugin keeps too long is seen.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drive/subject.hpp"

namespace belay::conform {

/// An event with its texts owned, as the host's sink got it.
struct SeenEvent {
  std::uint32_t type = 0, flags = 0, index = 0;
  std::string a, b;
  std::int64_t num = 0;
  std::optional<belay_usage> usage;
  struct Failure {
    std::uint32_t kind = 0;
    std::int32_t status = 0;
    std::string body, code, type, message, parameter;
    std::vector<std::pair<std::string, std::string>> headers;
    bool operator==(const Failure&) const = default;
  };
  std::optional<Failure> failure;
  bool operator==(const SeenEvent&) const;
};
/// One line for people: TEXT_DELTA "Hel", USAGE prompt 3 completion 5.
std::string to_string(const SeenEvent&);

struct SentRequest {
  std::string method, url, body;
  std::vector<CassetteField> headers;
  bool body_as_given = false;
};

/// Where the body of a reply is cut: positions in ascending order; empty: one piece (of at most 16 KiB, the ABI's limit).
using Cuts = std::vector<std::size_t>;
Cuts every_byte(std::size_t size);

/// How far an exchange is driven before it is ended; with PlayOptions::finish set, finish() comes between.
enum class Until : std::uint8_t {
  begun,
  built,
  head,
  pieces,  ///< after PlayOptions::pieces of them
  whole,
};

struct PlayOptions {
  Cuts cuts;
  std::optional<std::string> body;          ///< instead of the cassette's reply body
  std::optional<std::uint32_t> finish;      ///< instead of what the cassette says
  std::optional<std::size_t> stop_at;       ///< the sink says STOP at this event (0: the first)
  std::optional<std::string> secret;        ///< instead of the credential's field `secret`
  std::function<void(std::string_view step)> between;   ///< called before each call: "begin", "build_request", "head", "chunk", "finish", "run", "end"
  /// Runs each call into the plugin, say on another thread; returns when it has run.
  std::function<void(const std::function<void()>&)> call_on;
  std::function<void(const SeenEvent&)> on_event;       ///< as it comes, in the sink
  Until until = Until::whole;
  std::size_t pieces = 0;
  std::optional<std::size_t> writer_refuses_at;         ///< the n-th call of the writer (from 0) answers BELAY_ERR_CONTRACT
  std::optional<std::uint32_t> error_room = 511;        ///< nullopt: the plugin gets NULL for its error
  std::uint32_t request_flags = 0, field_flags = 0;     ///< more bits, which mean nothing
  std::string request_id = "conform-1";
  std::string fail_in;                      ///< in the calls of that name...
  std::uint64_t fail_allocation = 0;        ///< ...the n-th allocation of the plugin (from 0) fails
  bool poison = true;                       ///< false: what is lent stays as it is until the exchange has ended, to compare
};

/// One exchange from begin() to end().
struct Played {
  belay_status begin = 0, build = 0, head = 0, finish = 0, run = 0;
  std::vector<belay_status> chunks;
  bool begun = false, finished = false;     ///< an exchange came; finish() was called
  std::string error;                        ///< the text of the call that failed
  SentRequest sent;
  std::size_t writer_calls = 0, writer_calls_after_refusal = 0;
  std::vector<SeenEvent> events;
  std::size_t before_finish = 0;            ///< events that came before finish()
  std::size_t after_stop = 0;               ///< events emitted after the sink said STOP
  std::size_t after_terminal = 0;
  std::string threw;                        ///< what an exception said that left the plugin; empty: none did (P13)
  bool allocation_failed = false;           ///< there was an n-th one
  std::string room_breach;                  ///< what it did to its room for an error text; empty: nothing wrong
  std::string wire, operation;
  bool stream = false, own_transport = false;
  /// The first status that was not OK or STOP, or OK.
  [[nodiscard]] belay_status failed() const;
  [[nodiscard]] bool ended_well() const;    ///< a STOP event or RESULT, or a raw reply that is whole
  /// The last event that the grammar lets be the last: STOP, ERROR, RESULT; nullptr: none.
  [[nodiscard]] const SeenEvent* terminal() const;
};

/// An instance that is destroyed with it.
class Account {
 public:
  /// create() with the cassette's configuration; fails the check when the plugin refuses.
  Account(const Case&, Subject&, const Cassette&);
  ~Account();
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;
  belay_instance* get() const { return instance_; }
 private:
  Subject& subject_;
  belay_instance* instance_ = nullptr;
};

/// create() that may fail: what it answered, and the text. An instance that came is destroyed.
struct Created {
  belay_status status = 0;
  bool out_touched = false;                 ///< it failed and wrote to *out
  bool allocation_failed = false;
  std::string error, threw, room_breach;
};
struct CreateOptions {
  std::optional<std::string> base_url, options, model;   ///< instead of the cassette's
  std::optional<std::uint32_t> error_room = 511;
  std::optional<std::uint64_t> fail_allocation;
};
Created try_create(Subject&, const Cassette&, const CreateOptions& = {});

Played play(Subject&, belay_instance*, const Cassette&, const PlayOptions& = {});

/// The same message, whatever way it was told: consecutive deltas merged, raw events of the three known wires read, ready to compare.
struct Message {
  std::string text, reasoning, stop;        ///< stop: "end", "length", ...; "" when there was none
  bool end_mark = false;                    ///< of a raw stream: "[DONE]", message_stop, response.completed and the like
  std::vector<ExpectedTool> tools;
  std::optional<belay_usage> usage;
  bool error = false;
  std::optional<SeenEvent::Failure> failure;   ///< the error; of a raw reply as the host would hand it to classify_error()
};
Message message_of(const Played&, std::string_view wire, bool stream);
/// Consecutive text, reasoning and tool argument deltas of the same index merged; PINGs left out; RAW events stay.
std::vector<SeenEvent> merged(const std::vector<SeenEvent>&);
/// Why the events break the grammar of belay/event.h; nullopt: they don't.
std::optional<std::string> grammar_breach(const Played&, bool stream);

struct Refreshed {
  belay_status status = 0;
  std::string threw, breach;                ///< an exception that left the plugin; what it wrote where it may not
  belay_refresh_out out{};
  std::vector<CassetteField> emitted;
  std::string error;
};
struct RefreshOptions {
  std::int64_t deadline_ms = 5000;          ///< from now
  std::optional<std::string> type;          ///< instead of the cassette's credential type
  std::uint32_t cause = 0;                  ///< 0: the cassette's
  std::vector<CassetteField> fields;        ///< empty: the cassette's
  std::optional<std::int64_t> expires_unix_ms;
  std::uint32_t attempt = 1;
};
/// refresh_credentials() with the cassette's credential; the network is the host's (`the_host().network`), which this sets to play the cassette's exchanges
/// unless it is set already.
Refreshed refresh(Subject&, belay_instance*, const Cassette&, const RefreshOptions& = {});

struct Classified {
  belay_status status = 0;
  std::uint32_t reason = 0, scope = 0;
  std::int64_t retry_after_ms = -1, reset_unix_ms = -1, affordable_tokens = -1;
  std::string message, parameter, rename;
  std::string threw, breach;                ///< an exception that left the plugin; what it wrote where it may not
  bool operator==(const Classified&) const = default;
};
/// classify_error() of a reply that was not 2xx.
Classified classify(Subject&, belay_instance*, const CassetteReply&);
Classified classify(Subject&, belay_instance*, const SeenEvent::Failure&);
/// The same with so many bytes of room for each text.
Classified classify(Subject&, belay_instance*, const SeenEvent::Failure&, std::uint32_t room);
/// The failure that such a reply is.
SeenEvent::Failure failure_of(const CassetteReply&);

/// "auth_rejected" <-> BELAY_REASON_...
std::string_view reason_name(std::uint32_t);
std::string_view scope_name(std::uint32_t);

}  // namespace belay::conform
