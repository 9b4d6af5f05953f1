// The checked layer over a plugin's raw tables: every call checks state and thread rules, what comes back is checked before anyone uses it, and
// a breach of the contract is latched and reported as a fault of the plugin. Nobody above this folder sees a raw table.
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
#include "base/result.hpp"
#include "belay/ext/http.h"
#include "belay/plugin.h"

namespace belay::plugins {

enum class Status : std::uint8_t {
  ok,
  stop,
  unsupported,
  credential,
  config,
  internal,
  protocol,
  cancelled,
  deadline,
  fault,        ///< the plugin broke its contract; `text` says which rule
};

/// What a call into a plugin came to. `text` is for people, scrubbed; empty on success.
struct Answer {
  Status status = Status::ok;
  std::string text;
  [[nodiscard]] bool ok() const { return status == Status::ok || status == Status::stop; }
};

/// Gets a plugin's events, already checked against the grammar of belay/event.h. Views are valid during the call.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// false: the plugin is told STOP.
  virtual bool on_event(const belay_event& event) = 0;
};

struct OutgoingHeader {
  std::string name;
  std::string value;
  bool secret = false;
};

/// The HTTP request that a plugin wrote, checked: legal method, URL at an allowed origin, legal headers.
struct OutgoingRequest {
  std::string method;
  std::string url;
  std::vector<OutgoingHeader> headers;
  std::string body;
  bool body_as_given = false;  ///< send belay_request.body; `body` is empty
};

enum class Finish : std::uint32_t {
  complete = BELAY_FINISH_COMPLETE,
  truncated = BELAY_FINISH_TRUNCATED,
  cancelled = BELAY_FINISH_CANCELLED,
  timeout = BELAY_FINISH_TIMEOUT,
  failed = BELAY_FINISH_FAILED,
};

/// One exchange. Calls are serialised by the caller; any thread. Destroying it calls end().
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual Answer build_request(OutgoingRequest& out) = 0;
  virtual Answer on_head(const belay_head& head, EventSink& sink) = 0;
  virtual Answer on_chunk(std::string_view piece, EventSink& sink) = 0;
  virtual Answer finish(Finish how, EventSink& sink) = 0;
  /// belay.transport/1; blocks. Only where Descriptor::own_transport.
  virtual Answer run(EventSink& sink, const CancelToken& cancel) = 0;
};

struct Model {
  std::string id;
  std::optional<std::int64_t> context;
  std::uint32_t caps = 0;  ///< BELAY_CAP_...
};

/// A copy of what the plugin says of itself, checked when it was loaded.
struct Descriptor {
  std::string type, name, vendor, version, license, homepage, config_schema, default_base_url;
  std::uint32_t caps = 0;
  std::vector<std::string> operations, wires, credential_types;
  std::vector<Model> models;
  [[nodiscard]] bool own_transport() const { return (caps & BELAY_CAP_OWN_TRANSPORT) != 0; }
  [[nodiscard]] bool speaks(std::string_view wire) const;
};

/// classify_error's answer with its texts owned.
struct Classification {
  std::uint32_t reason = BELAY_REASON_UNKNOWN;
  std::uint32_t scope = BELAY_SCOPE_DEFAULT;
  std::int64_t retry_after_ms = -1;
  std::int64_t reset_unix_ms = -1;
  std::int64_t affordable_tokens = -1;
  std::string message, parameter, rename;
};

struct EmittedField {
  std::string name;
  std::string value;  ///< may be a secret: the receiver wraps it at once
  bool secret = false;
};

/// What a plugin may use during one refresh or login; implemented by the runtime, called on the thread of the hook.
class RefreshServices {
 public:
  virtual ~RefreshServices() = default;
  virtual const CancelToken& cancel() = 0;
  struct HttpReply {
    int status = 0;  ///< 0: none; `error` says why and `answer` how
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    belay_status answer = BELAY_OK;
    std::string error;
  };
  /// belay.http/1
  virtual HttpReply http(const belay_http_request& request) = 0;
  /// belay.secret/1
  virtual Result<std::string> read_source(std::string_view source) = 0;
  /// belay.refresh/1
  virtual Answer default_refresh(const belay_refresh_in& in, belay_refresh_out& out, std::vector<EmittedField>& fields) = 0;
};

/// What a plugin may use at any time; implemented by the runtime.
class Services {
 public:
  virtual ~Services() = default;
  /// belay.state/1, notes of one provider.
  virtual Result<std::optional<std::string>> note(std::string_view provider, std::string_view key) = 0;
  virtual Result<void> put_note(std::string_view provider, std::string_view key, std::string_view value) = 0;
};

/// Shows a person where to log in.
using Prompt = std::function<bool(std::string_view url, std::string_view code, std::int64_t expires_unix_ms)>;

/// One configured account, served by a plugin. [any thread] unless said otherwise.
class Instance {
 public:
  virtual ~Instance() = default;
  [[nodiscard]] virtual const Descriptor& descriptor() const = 0;
  /// `request` (and its body) outlives the exchange; `credential` is null for a keyless provider and outlives it too.
  virtual Answer begin(const belay_request& request, const belay_credential* credential, std::unique_ptr<Exchange>& out) = 0;
  virtual Answer classify(const belay_failure& failure, Classification& out) = 0;
  /// Blocks. `in.ctx` and `in.cancel` are filled in here. [refresh]
  virtual Answer refresh(belay_refresh_in in, belay_refresh_out& out, std::vector<EmittedField>& fields, RefreshServices& services) = 0;
  [[nodiscard]] virtual bool has_login() const = 0;
  virtual Answer login(belay_refresh_in in, const Prompt& prompt, belay_refresh_out& out, std::vector<EmittedField>& fields,
                       RefreshServices& services) = 0;
  /// The fault that was latched for this plugin, if any: the sentence, for `belay plugins` and the log.
  [[nodiscard]] virtual std::optional<std::string> fault() const = 0;
};

}  // namespace belay::plugins
