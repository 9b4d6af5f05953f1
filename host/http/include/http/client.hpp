// Client: HTTP on one Loop, over connections of its own where the way is plain, over libcurl multi handles where it is
// not (TLS, proxies). Sans policy: it sends one request, reports what came, and keeps secrets at their origin. No curl
// type is visible above this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cancel.hpp"
#include "base/loop.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "http/settings.hpp"

namespace belay::http {

struct Header {
  std::string name;
  std::string value;
  bool sensitive = false;  ///< holds a secret: only sent to an origin of `secret_origins`
};

/// Framing is the client's own: Content-Length, Transfer-Encoding, Connection and Expect among `headers` are left out.
struct Request {
  std::string method = "POST";
  std::string url;  ///< absolute http(s), sent as it is (no dot segments removed)
  std::vector<Header> headers;
  /// W3C Trace Context's header; empty: none. Not among `headers`, whose built form is kept for the next request with the same ones.
  std::string traceparent;
  std::shared_ptr<const std::string> body;  ///< kept alive until sent and the reply's body has begun; null: none
  bool body_sensitive = false;              ///< the body holds a secret (token requests)
  /// Origins or patterns (base/origin.hpp) that secrets of this request may go to.
  std::vector<std::string> secret_origins;
  /// CA and proxy (its headers are already in `headers`); outlives the call of start().
  const EndpointSettings* endpoint = nullptr;
  Millis connect_timeout{10'000};  ///< DNS, TCP and TLS together
  /// All heads and trailers of the reply, line ends included; at most 290 KiB, 100 KiB a line.
  std::size_t max_header_bytes = 256u << 10;
  std::size_t max_body_bytes = 64u << 20;  ///< of the reply, after decoding; 0: a stream, not limited
};

struct Head {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, in order, repeated ones repeated

  /// The first one of that (lower-case) name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
};

/// Why there is no whole reply.
enum class Failure : std::uint8_t {
  none,
  resolve,           ///< no such host, or no answer about it
  connect,           ///< TCP, or a proxy that does not let us through
  tls,               ///< handshake, or a certificate that is not trusted
  reset,             ///< the connection ended before the whole head, or broke in the body
  connect_timeout,   ///< Request::connect_timeout passed
  cut_short,         ///< fewer bytes than announced, or the connection ended inside a chunked body
  too_large,         ///< a cap of Request was passed, or a paused HTTP/2 reader fell 4 MiB behind
  protocol,          ///< not HTTP, bad encoding
  redirect,          ///< a 3xx that is not followed (another origin, second hop, no 307/308)
  forbidden_origin,  ///< a secret was about to go where it is not bound to: nothing was sent
  bad_request,       ///< the request itself cannot be sent (URL, header with CR/LF)
  timed_out,         ///< perform() only: its deadline passed
  cancelled,         ///< perform() only: its token was cancelled
};
std::string_view to_string(Failure);

struct Done {
  Failure failure = Failure::none;
  std::string message;  ///< for people, with host and port, without secrets; empty on success
  bool head_seen = false;
};

/// What the client calls, always on the loop thread and never from inside start(), cancel() or resume().
class Handler {
 public:
  virtual ~Handler() = default;
  /// The final head (1xx and a followed redirect are not shown).
  virtual void on_head(const Head& head) = 0;
  /// A piece of the decoded body, at most 16 KiB, cut anywhere; valid until return. false pauses the transfer until
  /// resume(); this piece was taken.
  virtual bool on_body(std::string_view piece) = 0;
  /// Last call, never while paused; not after the Transfer was destroyed. The handler may destroy the Transfer in any
  /// of the three calls.
  virtual void on_done(const Done& done) = 0;
};

/// A running transfer. Destroying it cancels it: the connection is closed (HTTP/2: the stream is reset) at once, no
/// further call comes. [loop thread]
class Transfer {
 public:
  virtual ~Transfer() = default;
  /// Ends a pause; without one it does nothing.
  virtual void resume() = 0;
};

struct ClientOptions {
  std::size_t transfers_per_multi = 64;  ///< libcurl scans every in-use connection of a host: more, smaller multis
  std::size_t idle_connections = 256;    ///< kept alive per client and way, with libcurl give or take one multi
  bool direct = true;                    ///< plain http without a proxy goes past libcurl
};

/// Proxy variables of the environment (http_proxy, HTTPS_PROXY, ALL_PROXY, NO_PROXY and so on) are read once, when it
/// is made.
class Client {
 public:
  /// [loop thread, or before the loop runs]
  explicit Client(Loop& loop, ClientOptions options = {});
  /// Cancels what is running. Not from inside a Handler call.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// `handler` outlives the transfer. A request that cannot be sent is reported through on_done like any other failure.
  /// [loop thread]
  std::unique_ptr<Transfer> start(Request request, Handler& handler);

  /// No later request uses a connection that exists now (a credential bound to its connection changed). Idle ones are
  /// closed; those beside running transfers when these have ended. [loop thread]
  void drop_idle();

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

/// A whole exchange for code that may block (refresh hooks): runs on `client`'s loop, waits here. Not on the loop
/// thread. Returns promptly after `deadline` or `cancel`; what had arrived by then is in the reply. `client` and `loop`
/// outlive the call.
struct Reply {
  Head head;
  std::string body;
  Done done;
};
Reply perform(Loop& loop, Client& client, Request request, MonoTime deadline, const CancelToken& cancel);

}  // namespace belay::http
