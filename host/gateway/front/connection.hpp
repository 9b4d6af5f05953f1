// Connection: one client, one request at a time. Input is parsed where it was read; only what must wait is copied. Output waits for the end of the turn.
//
//   idle -> head -> body -> busy -> idle ...        an ordinary request; without a body from head straight to busy
//                \-> discard -> busy                refused before its body, which is small enough to be read and dropped
//   any -> busy -> linger -> dead                   the reply closes: the client's rest is read and dropped, so that no reset overtakes the reply
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/loop.hpp"
#include "channel.hpp"
#include "front/front.hpp"
#include "head_scan.hpp"
#include "outbox.hpp"
#include "parser.hpp"
#include "reply_head.hpp"
#include "request_rules.hpp"

namespace belay::gateway {

struct Hall;

class Connection final : public Watcher, public Reply {
 public:
  struct Entry {
    Door door = Door::open;
    bool local = false;
    const Tls* tls = nullptr;
    std::string peer;
  };
  using Place = std::list<Connection>::iterator;
  enum class Settled : std::uint8_t { here, gone };

  Connection(Hall& hall, Fd fd, const Entry& entry);
  ~Connection() override = default;
  void start(Place place);
  [[nodiscard]] Place place() const { return place_; }

  void on_ready(std::uint32_t events) override;
  /// Writes what waits and ends what is over. `gone`: this object may be destroyed.
  Settled settle();
  /// No further request; idle ones close.
  void drain();
  /// At once.
  void server_ends();

  void send(int status, std::span<const Field> fields, std::string_view body) override;
  void begin(int status, std::span<const Field> fields) override;
  bool write(std::string_view piece) override;
  void end() override;
  void abort() override;

 private:
  enum class Phase : std::uint8_t { idle, head, body, discard, busy, linger, dead };

  // Input (connection_input.cpp, connection_request.cpp).
  void read();
  Channel::Done read_once();
  Channel::Done read_body();
  void arrived(std::span<char> bytes);
  void keep(std::span<const char> rest);
  std::size_t take(std::span<char> bytes);
  std::size_t take_head(std::span<char> bytes);
  std::size_t take_body(std::span<char> bytes);
  std::size_t skip_blank_lines(std::string_view bytes);
  void end_of_input();
  void discard_input();
  void begin_request(std::span<char> head, bool more_follows);
  std::optional<Refusal> judge(const RawHead& raw, const Target& target, Framing& framing);
  bool answer_ourselves(const RawHead& raw, const Target& target, const Head& head);
  void begin_body(const Framing& framing, std::string_view path, bool more_follows);
  void body_is_there();

  // Output (connection_reply.cpp).
  void refuse(std::string_view path, const Refusal& why);
  std::string& append_head(int status, std::span<const Field> fields, std::size_t size, bool piecewise);
  bool send_directly(std::string_view body);
  [[nodiscard]] bool must_close() const;
  void reply_is_complete();
  void flush();
  void finish();
  void next_request();
  void linger();

  // Time (connection_time.cpp).
  [[nodiscard]] std::optional<MonoTime> due() const;
  void arm();
  void on_time();

  void settle_now();
  void remember();
  void watch_for_what_matters();
  void lost();
  void gone_from_visit();
  void close();

  Hall& hall_;
  std::shared_ptr<const FrontSettings> settings_;  // as they were when it came
  Channel channel_;
  Timer timer_;
  Place place_;
  std::string peer_;
  std::string in_;  // read, but not used yet
  Outbox out_;
  std::unique_ptr<Visit> visit_;

  HeadScan scan_;
  std::unique_ptr<ChunkReader> chunks_;
  std::string body_;
  std::uint64_t left_ = 0;  // of a sized body
  std::string path_;        // kept while a body is awaited, for the words of a refusal
  std::string origin_;      // CORS is answered for it

  MonoTime began_{};        // this phase
  MonoTime touched_{};      // bytes came, or could be sent
  std::uint64_t received_ = 0;  // of this body

  std::uint32_t watched_ = 0;
  Door door_;
  Phase phase_ = Phase::idle;
  std::uint8_t blank_lines_ = 0;
  bool local_ = false;
  bool handshaking_ = false;
  // The request.
  bool http10_ = false, keep_alive_ = false, head_only_ = false;
  bool opening_ = false;          // inside Service::open()
  bool close_if_unread_ = false;  // its body is too large, or of unknown size, to be read for nothing
  // The reply.
  bool active_ = false;       // counted as under way
  bool begun_ = false, over_ = false, no_body_ = false, chunked_ = false;
  bool full_ = false;         // write() said so
  bool close_after_ = false;
  bool aborted_ = false;
  // The socket.
  bool paused_ = false;       // enough waits in `in_`
  bool ended_ = false;        // the client sends no more
  bool read_again_ = false;   // TLS has more in hand
  // The turn.
  bool remembered_ = false, settling_ = false, again_ = false;
};

}  // namespace belay::gateway
