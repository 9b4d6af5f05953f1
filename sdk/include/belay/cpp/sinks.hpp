// SPDX-License-Identifier: 0BSD
//
// Where a provider says things: the HTTP request, events, renewed fields, a login prompt. Everything is copied by the
// host before the call returns. A writer or sink remembers the first refusal and drops what comes after it, so that a
// provider need not look after every line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "belay/cpp/text.hpp"
#include "belay/ext/login.h"

namespace belay::sdk {

/// Takes the HTTP request: line() once, header()s, then body() pieces or body_as_given(). End with `return
/// writer.status();`.
class Writer {
 public:
  explicit Writer(const belay_http_writer* raw) noexcept : raw_(raw) {}

  Writer& line(std::string_view method, std::string_view url) {
    return then([&] { return raw_->line(raw_->host, str(method), str(url)); });
  }
  /// A value with a control character in it (a line end from a key file, say) is refused here, before the host sees it.
  Writer& header(std::string_view name, std::string_view value) { return put(name, value, 0, BELAY_ERR_UNSUPPORTED); }
  /// A header that holds a secret.
  Writer& secret_header(std::string_view name, std::string_view value) {
    return put(name, value, BELAY_SECRET, BELAY_ERR_CREDENTIAL);
  }
  Writer& body(std::string_view piece) {
    return then([&] { return raw_->body(raw_->host, bytes(piece)); });
  }
  /// The request's body as it came, without a copy.
  Writer& body_as_given() {
    return then([&] { return raw_->body_as_given(raw_->host); });
  }

  [[nodiscard]] Status status() const {
    return illegal_.empty() ? Status(refused_) : Status(refused_, "the header " + illegal_ + " would have a control character in it");
  }

 private:
  template <class Call>
  Writer& then(Call call) {
    if (refused_ == BELAY_OK) refused_ = call();
    return *this;
  }
  Writer& put(std::string_view name, std::string_view value, std::uint32_t flags, belay_status illegal) {
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (refused_ != BELAY_OK || (byte >= 0x20 && byte != 0x7f) || byte == '\t') continue;
      refused_ = illegal;
      illegal_ = name;
    }
    return then([&] { return raw_->header(raw_->host, str(name), str(value), flags); });
  }

  const belay_http_writer* raw_;
  belay_status refused_ = BELAY_OK;
  std::string illegal_;  // name of the header that was refused here
};

/// How many bytes of a body a failure tells.
inline constexpr std::size_t failure_limit = 8192;

/// Where events go; the grammar stands in belay/event.h. Each returns false once the host wants no more: return soon
/// then.
class Sink {
 public:
  explicit Sink(const belay_sink* raw) noexcept : raw_(raw) {}

  bool message_start(std::string_view id, std::string_view model) { return emit(BELAY_EVENT_MESSAGE_START, id, model); }
  bool text(std::string_view piece) { return emit(BELAY_EVENT_TEXT, piece); }
  bool reasoning(std::string_view piece) { return emit(BELAY_EVENT_REASONING, piece); }
  bool refusal(std::string_view piece) { return emit(BELAY_EVENT_REFUSAL, piece); }
  bool tool_begin(std::uint32_t index, std::string_view id, std::string_view name) {
    return emit(BELAY_EVENT_TOOL_BEGIN, id, name, index);
  }
  bool tool_args(std::uint32_t index, std::string_view piece) { return emit(BELAY_EVENT_TOOL_ARGS, piece, {}, index); }
  bool tool_end(std::uint32_t index) { return emit(BELAY_EVENT_TOOL_END, {}, {}, index); }
  bool ping() { return emit(BELAY_EVENT_PING); }
  /// `why` is a BELAY_STOPPED_..., `word` upstream's own.
  bool stop(std::int64_t why, std::string_view word = {}) { return emit(BELAY_EVENT_STOP, word, {}, 0, why); }
  /// One whole upstream event, or the whole unstreamed body, in the caller's wire.
  bool raw(std::string_view data, std::string_view event_name = {}) { return emit(BELAY_EVENT_RAW, data, event_name); }
  /// The whole canonical reply of embeddings or models.
  bool result(std::string_view json) { return emit(BELAY_EVENT_RESULT, json); }
  bool usage(belay_usage usage) {
    usage.size = sizeof usage;
    belay_event event = blank(BELAY_EVENT_USAGE);
    event.usage = &usage;
    return emit(event);
  }
  /// A reply that did not end well: `kind` is a BELAY_FAILURE_..., `body` what is known of it, its beginning at most.
  /// classify_error() is asked about it.
  bool error(std::uint32_t kind, int status, std::string_view body = {}) {
    belay_failure failure{};
    failure.size = sizeof failure;
    failure.kind = kind;
    failure.status = status;
    failure.body = bytes(cut(body, failure_limit));
    return error(failure);
  }
  bool error(const belay_failure& failure) {
    belay_event event = blank(BELAY_EVENT_ERROR);
    event.failure = &failure;
    return emit(event);
  }
  bool emit(const belay_event& event) {
    if (!stopped_) stopped_ = raw_->emit(raw_->host, &event) != BELAY_OK;
    return !stopped_;
  }

  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

 private:
  static belay_event blank(std::uint32_t type) noexcept {
    belay_event event{};
    event.size = sizeof event;
    event.type = type;
    return event;
  }
  bool emit(std::uint32_t type, std::string_view a = {}, std::string_view b = {}, std::uint32_t index = 0,
            std::int64_t num = 0) {
    belay_event event = blank(type);
    event.a = str(a);
    event.b = str(b);
    event.index = index;
    event.num = num;
    return emit(event);
  }

  const belay_sink* raw_;
  bool stopped_ = false;
};

/// Takes the fields that a refresh or login renewed. Each returns false once the host took one of them not: then nothing is
/// renewed, whatever outcome is returned.
class FieldSink {
 public:
  explicit FieldSink(const belay_field_sink* raw) noexcept : raw_(raw) {}
  bool emit(std::string_view name, std::string_view value) { return put(name, value, 0); }
  bool emit_secret(std::string_view name, std::string_view value) { return put(name, value, BELAY_SECRET); }
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  /// To pass on to a service of the host.
  [[nodiscard]] const belay_field_sink* raw() const noexcept { return raw_; }

 private:
  bool put(std::string_view name, std::string_view value, std::uint32_t flags) {
    if (!stopped_) stopped_ = raw_->emit(raw_->host, str(name), str(value), flags) != BELAY_OK;
    return !stopped_;
  }

  const belay_field_sink* raw_;
  bool stopped_ = false;
};

/// Shows a person where to log in.
class Prompt {
 public:
  explicit Prompt(const belay_prompt* raw) noexcept : raw_(raw) {}
  /// false: nobody is there to read it.
  bool show(std::string_view url, std::string_view code, std::int64_t expires_unix_ms = 0) {
    return raw_->show(raw_->host, str(url), str(code), expires_unix_ms) == BELAY_OK;
  }

 private:
  const belay_prompt* raw_;
};

/// What classify_error() answers. Untouched members mean: not told.
struct Classification {
  std::uint32_t reason = BELAY_REASON_UNKNOWN;
  std::uint32_t scope = BELAY_SCOPE_DEFAULT;
  std::int64_t retry_after_ms = -1;
  std::int64_t reset_unix_ms = -1;
  std::int64_t affordable_tokens = -1;
  std::string message = {};    ///< upstream's own words
  std::string parameter = {};  ///< of UNSUPPORTED_PARAMETER
  std::string rename = {};
};

/// What refresh_credentials() and login() answer. `text` is for people: why, or what to do.
struct Refreshed {
  std::uint32_t outcome = BELAY_FAILED_TRANSIENT;
  std::uint32_t flags = 0;
  std::int64_t expires_unix_ms = 0;        ///< 0: unknown, -1: never
  std::int64_t refresh_after_unix_ms = 0;  ///< 0: the host's own rule
  std::int64_t retry_after_ms = -1;
  std::string text = {};
};

}  // namespace belay::sdk
