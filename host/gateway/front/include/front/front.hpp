// Front: the HTTP/1.1 server of one worker, on that worker's loop. It owns connections, framing, limits and time; what a request means is its
// Service's matter. RFC 9110, RFC 9112.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "base/loop.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace belay::gateway {

struct Field {
  std::string_view name;   ///< of a request: in lower case
  std::string_view value;  ///< without white space around it
};

/// The head of one request. Views live until Service::open() returns.
struct Head {
  std::string_view method;            ///< "POST"
  std::string_view path;              ///< "/v1/chat/completions", as sent (no percent decoding)
  std::string_view query;             ///< behind the "?", or empty
  std::span<const Field> fields;
  std::string_view peer;              ///< "127.0.0.1:50112", "[::1]:50112" or "unix"
  bool local = false;                 ///< came over a loopback address or a Unix socket

  /// The first field of that (lower-case) name; empty when there is none.
  [[nodiscard]] std::string_view get(std::string_view name) const;
};

/// The way back to the client; belongs to the front and is valid until its Visit is destroyed. Framing (Content-Length, Transfer-Encoding, Connection,
/// Date) is the front's own. Writes are coalesced and go out at the end of the loop's turn. [loop thread]
class Reply {
 public:
  virtual ~Reply() = default;
  /// A whole reply; the request is over with it.
  virtual void send(int status, std::span<const Field> fields, std::string_view body) = 0;
  /// The head of a reply whose body comes piece by piece (chunked; HTTP/1.0: until the connection closes).
  virtual void begin(int status, std::span<const Field> fields) = 0;
  /// A piece of the body, copied. false: more than the high-water mark waits for the client; go on after Visit::on_writable(). Nothing is lost either way.
  virtual bool write(std::string_view piece) = 0;
  /// The body ends as it should; the request is over with it.
  virtual void end() = 0;
  /// The body can't be ended as it should: the connection is closed without its last chunk, behind what was written.
  virtual void abort() = 0;
};

/// A request that is being answered. Made by the Service, owned by the front, destroyed at the end of the turn in which the request was over or its client
/// went away. [loop thread]
class Visit {
 public:
  virtual ~Visit() = default;
  /// The whole body is there (empty when there is none). Called once; never from inside Service::open().
  virtual void on_body(std::string body) = 0;
  /// What waits for the client fell below the low-water mark.
  virtual void on_writable() {}
  /// The client went away, or was too slow, or the server ends: `reply` leads nowhere now. Not called once the request is over.
  virtual void on_gone() = 0;
};

/// Why the front refuses a request by itself.
struct Refusal {
  int status = 400;                ///< 400, 403, 408, 413, 431, 501, 503, 505
  std::string_view code;           ///< "bad_request", "request_too_large", "timed_out", "permission_denied", ...
  std::string_view message;        ///< a sentence that says what is wrong and what would be right
};

/// What requests mean. One for all workers or one each, as its owner likes; called on the worker's loop thread.
class Service {
 public:
  virtual ~Service() = default;
  /// The head of a request is complete and legal. Either makes the Visit that will get the body, or answers at once through `reply` (send) and returns
  /// nullptr: then the body is not waited for. `reply` may not be used from inside open() when a Visit is returned.
  virtual std::unique_ptr<Visit> open(const Head& head, Reply& reply) = 0;
  /// A refusal by the front itself is about to go out: its body (JSON) and the request's id. `path` is empty when the head was not readable.
  struct Refused {
    std::string body, id;
  };
  virtual Refused refusal(std::string_view path, const Refusal& why) = 0;
};

struct FrontSettings {
  std::size_t max_head_bytes = 64u << 10;     ///< request line and fields: 431
  std::size_t max_body_bytes = 64u << 20;     ///< 413
  std::size_t max_connections = 20'000;       ///< of one worker; beyond it nothing is accepted until one closes
  Millis head_timeout{15'000};                ///< from the first byte of a request to its whole head: 408
  Millis body_timeout{30'000};                ///< between two pieces of a request's body: 408; a body must also come at 1 KiB/s on the whole
  Millis idle_timeout{75'000};                ///< between requests
  Millis write_timeout{300'000};              ///< a client that takes nothing for so long is gone
  std::size_t high_water = 256u << 10;        ///< bytes that wait for one client
  std::size_t low_water = 64u << 10;
  std::vector<std::string> hosts;             ///< names beside loopback ones that a Host field may say ("belay.internal"); of loopback listeners. Empty elsewhere: any
  std::vector<std::string> origins;           ///< web origins beside loopback ones that may call ("https://tools.example.com"); CORS is answered for them
};

/// Plain numbers, changed on the loop thread only.
struct FrontCounts {
  std::uint64_t accepted = 0, requests = 0, bytes_in = 0, bytes_out = 0;
  std::uint64_t open = 0, active = 0;         ///< connections now; of these: with a request under way
  std::uint64_t refused = 0, gone = 0;        ///< refusals by the front itself; clients that left before their reply was complete
};

/// Certificate and key of a TLS listener, PEM; shared by all workers. TLS 1.2 and later, ALPN http/1.1.
class Tls {
 public:
  static Result<std::shared_ptr<Tls>> load(const std::string& certificate, const std::string& key);
  ~Tls();
  struct Impl;
  std::unique_ptr<Impl> impl;
};

/// A listening socket. `local`: reachable from this machine only.
struct Listener {
  Fd fd;
  std::string address;   ///< as people read it, with the port that the kernel chose: "127.0.0.1:7077", "unix:/run/belay/belay.sock"
  bool local = false;
};

/// Opens an address ("127.0.0.1:7077", "[::1]:0", "localhost:7077", "unix:/run/belay/belay.sock") `copies` times: TCP with SO_REUSEPORT, so that each worker
/// accepts on its own; a Unix socket once (mode 0660; a stale one is replaced, one in use is an error), shared by all. The error says what to do.
Result<std::vector<Listener>> listen(std::string_view address, std::size_t copies);

/// [loop thread, but for the constructor]
class Front {
 public:
  Front(Loop& loop, FrontSettings settings, Service& service);
  /// Closes everything; every Visit gets on_gone().
  ~Front();
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  /// Accepts on it from now on; `fd` may be shared with other workers and outlives the front. `tls`: null: plain.
  Result<void> accept_on(int fd, bool local, std::shared_ptr<Tls> tls);
  /// For later connections.
  void use(FrontSettings settings);
  void use(std::shared_ptr<Tls> tls);
  /// Accepts no more, closes idle connections, and each other one behind its reply.
  void drain();
  /// No connection is left.
  [[nodiscard]] bool empty() const;
  [[nodiscard]] const FrontCounts& counts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace belay::gateway
