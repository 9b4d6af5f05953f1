// SPDX-License-Identifier: 0BSD
//
// The reply of an upstream that answers with JSON or with server-sent events. What comes is told by what it looks like,
// since servers answer a streamed request with a JSON object and the other way round: a body that begins like JSON is
// one body, whatever was asked for or declared.
#pragma once

#include <string>
#include <string_view>

#include "belay/cpp/sinks.hpp"
#include "belay/cpp/views.hpp"
#include "belay/sse.hpp"

namespace belay::sdk {

class ReplyReader {
 public:
  static constexpr std::size_t event_limit = std::size_t{16} << 20;
  static constexpr std::size_t body_limit = std::size_t{64} << 20;

  /// `streamed`: the request asked for a stream.
  explicit ReplyReader(bool streamed) : streamed_(streamed), events_(event_limit) {}

  void head(const Head& head) {
    status_ = head.status();
    declared_events_ = is_event_stream(head.headers().value("content-type"));
  }

  /// Calls `on_event(const sse::Event&) -> bool` for each event that `piece` completes, the end mark among them, until
  /// one says false or was the end mark; whatever a server still sends then counts for nothing. A body that is no
  /// stream is collected.
  template <class OnEvent>
  Status chunk(std::string_view piece, OnEvent&& on_event) {
    if (kind_ == Kind::undecided) decide(piece);
    if (kind_ == Kind::events) return settle(events_.feed(piece, counted(on_event)));
    if (body_.size() + piece.size() > body_limit) return {BELAY_ERR_PROTOCOL, "the reply has more than 64 MiB"};
    if (kind_ == Kind::body) body_.append(piece);
    return {};
  }

  /// The reply came whole: a last event whose blank line is missing counts.
  template <class OnEvent>
  Status finish(OnEvent&& on_event) {
    return kind_ == Kind::events ? settle(events_.finish(counted(on_event))) : Status();
  }

  /// The body so far, of a reply that is no stream.
  [[nodiscard]] const std::string& body() const noexcept { return body_; }
  [[nodiscard]] bool is_body() const noexcept { return kind_ == Kind::body; }
  [[nodiscard]] bool any_event() const noexcept { return any_; }
  [[nodiscard]] bool end_mark() const noexcept { return done_; }
  [[nodiscard]] int status() const noexcept { return status_; }

 private:
  enum class Kind { undecided, body, events };

  template <class OnEvent>
  auto counted(OnEvent& on_event) {
    return [this, &on_event](const sse::Event& event) {
      const sse::Event trimmed{event.name, trim(event.data)};
      if (trimmed.data.empty()) return true;  // a keep-alive
      any_ = true;
      done_ = trimmed.data == "[DONE]";
      return on_event(trimmed) && !done_;
    };
  }

  static bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  static std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
  }

  /// Looks for the first byte that is neither byte order mark nor white space, which means nothing in either kind.
  void decide(std::string_view& piece) {
    static constexpr std::string_view mark = "\xEF\xBB\xBF";
    for (; !piece.empty(); piece.remove_prefix(1)) {
      const char c = piece.front();
      if (mark_seen_ < mark.size() && c == mark[mark_seen_]) {
        ++mark_seen_;
        continue;
      }
      if (mark_seen_ == 0) mark_seen_ = mark.size();
      if (is_space(c)) continue;
      const bool json = c == '{' || c == '[';
      kind_ = !json && (declared_events_ || (streamed_ && c != '<')) ? Kind::events : Kind::body;
      if (kind_ == Kind::body && mark_seen_ < mark.size()) body_.assign(mark.substr(0, mark_seen_));
      return;
    }
  }

  static bool is_event_stream(std::string_view content_type) noexcept {
    static constexpr std::string_view wanted = "text/event-stream";
    if (content_type.size() < wanted.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const char c = content_type[i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != wanted[i]) return false;
    }
    return true;
  }

  static Status settle(sse::Step step) {
    if (step == sse::Step::too_large) return {BELAY_ERR_PROTOCOL, "an event of the stream has more than 16 MiB"};
    return {};
  }

  bool streamed_;
  bool declared_events_ = false;
  bool any_ = false;
  bool done_ = false;
  Kind kind_ = Kind::undecided;
  int status_ = 0;
  std::size_t mark_seen_ = 0;
  sse::Parser events_;
  std::string body_;
};

}  // namespace belay::sdk
