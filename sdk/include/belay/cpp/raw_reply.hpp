// SPDX-License-Identifier: 0BSD
//
// The reply of an upstream whose wire the caller speaks too, handed on as raw events: each event of a stream once it is
// whole, or the whole unstreamed body. Nothing in it is parsed; the host finds content, usage, errors and the end.
#pragma once

#include <string_view>

#include "belay/cpp/reply_reader.hpp"
#include "belay/cpp/sinks.hpp"
#include "belay/cpp/views.hpp"

namespace belay::sdk {

class RawReply {
  /// An event that is named `error` is one, even when its data does not look like it.
  struct Relay {
    RawReply& reply;
    Sink& sink;
    bool operator()(const sse::Event& event) const {
      if (event.name == "error") {
        sink.error(BELAY_FAILURE_IN_REPLY, reply.reader_.status(), event.data);
        reply.over_ = true;
      } else {
        reply.over_ = !sink.raw(event.data, event.name);
      }
      return !reply.over_;
    }
  };

 public:
  /// `streamed`: the request asked for a stream.
  explicit RawReply(bool streamed) : reader_(streamed) {}

  Status head(const Head& head) {
    reader_.head(head);
    return {};
  }

  Status chunk(std::string_view piece, Sink& sink) { return reader_.chunk(piece, Relay{*this, sink}); }

  /// Emits what is left. No event at all is an ERROR of kind INVALID, a reply that was cut one of kind CUT (not one
  /// that had its end mark).
  Status finish(Finish how, Sink& sink) {
    if (how == Finish::failed) return {};
    if (how == Finish::complete && reader_.is_body()) {
      sink.raw(reader_.body());
      return {};
    }
    if (how == Finish::complete) {
      const Status status = reader_.finish(Relay{*this, sink});
      if (!status.ok()) return status;
    }
    if (over_ || reader_.end_mark()) return {};
    if (how != Finish::complete) {
      sink.error(BELAY_FAILURE_CUT, reader_.status(), reader_.body());
    } else if (!reader_.any_event()) {
      sink.error(BELAY_FAILURE_INVALID, reader_.status());
    }
    return {};
  }

 private:
  ReplyReader reader_;
  bool over_ = false;  // an error was told, or the host wants no more
};

}  // namespace belay::sdk
