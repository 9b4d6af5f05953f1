// The sink and the writer that a played exchange gets: they copy what comes, and note what comes when nothing may.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "belay/event.h"
#include "belay/request.h"
#include "drive/play.hpp"

namespace belay::conform {

/// An event of the plugin with its texts owned; the sentence says why it can't be read.
Result<SeenEvent> seen_event(const belay_event*);
SeenEvent::Failure seen_failure(const belay_failure&);

class EventReceiver {
 public:
  EventReceiver(Played& played, const PlayOptions& options) : played_(played), options_(options) {}

  /// Events come between these two, on this thread.
  class Call {
   public:
    explicit Call(EventReceiver& to);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    EventReceiver& to_;
  };

  [[nodiscard]] belay_sink sink() { return {sizeof(belay_sink), 0, this, emit}; }
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  static belay_status emit(void* host, const belay_event* event);
  belay_status take(const belay_event* event);

  Played& played_;
  const PlayOptions& options_;
  std::thread::id thread_;
  bool open_ = false, stopped_ = false, ended_ = false;
};

class RequestReceiver {
 public:
  RequestReceiver(Played& played, const PlayOptions& options) : played_(played), options_(options) {}
  [[nodiscard]] belay_http_writer writer() { return {sizeof(belay_http_writer), 0, this, line, header, body, body_as_given}; }

 private:
  static belay_status line(void* host, belay_str method, belay_str url);
  static belay_status header(void* host, belay_str name, belay_str value, std::uint32_t flags);
  static belay_status body(void* host, belay_bytes piece);
  static belay_status body_as_given(void* host);
  /// False: this call is refused.
  bool takes();

  Played& played_;
  const PlayOptions& options_;
  bool refused_ = false;
};

}  // namespace belay::conform
