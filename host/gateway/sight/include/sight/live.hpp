// A request under way, as the status page shows it and as its spans will be timed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "fallback/trace.hpp"

namespace belay::gateway {

class SightWorker;

/// What is known of a request when it becomes a call. Views live during the call they are handed to.
struct Beginning {
  std::string_view id;     ///< belay-request-id
  std::string_view asked;  ///< route or model, as the client named it
  std::string_view wire, key, peer;
  bool stream = false;
  UnixMs began = 0;
};

/// One attempt of a call in flight.
struct LiveAttempt {
  int n = 0;
  std::string provider, model, credential;
  MonoTime began, ended;  ///< `ended`: as `began` while it is under way
  bool over = false;
  int status = 0;  ///< 0: no reply (yet)
  std::optional<fallback::Reason> reason;
  fallback::Verdict verdict = fallback::Verdict::give_up;
};

/// Made by SightWorker::began(); leaves the list of those under way when it is destroyed, or at ended(). [loop thread]
class LiveCall {
 public:
  LiveCall(SightWorker& worker, const Beginning& beginning);
  ~LiveCall();
  LiveCall(const LiveCall&) = delete;
  LiveCall& operator=(const LiveCall&) = delete;

  /// The route or target that was planned.
  void planned(std::string_view route, bool streamed);
  /// Observer::on_attempt
  void attempt(const fallback::Attempt& attempt);
  /// Observer::on_verdict
  void verdict(const fallback::Attempt& attempt);
  /// Observer::on_commit: from here on it is a stream that is held open.
  void committed(std::string_view provider, std::string_view model);

  [[nodiscard]] const std::vector<LiveAttempt>& attempts() const { return attempts_; }
  [[nodiscard]] MonoTime began() const { return began_mono_; }

 private:
  friend class SightWorker;
  void leave();

  SightWorker* worker_;  // null: it left the list
  LiveCall* before_ = nullptr;
  LiveCall* behind_ = nullptr;
  std::string id_, route_, wire_, key_, peer_, committed_;
  bool stream_, streaming_ = false;
  UnixMs began_;
  MonoTime began_mono_;
  std::vector<LiveAttempt> attempts_;
};

}  // namespace belay::gateway
