// What the gateway tells its metrics, logs, traces and spans about one request.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "runtime/runtime.hpp"

namespace belay::gateway {

class LiveCall;

/// An id of so many digits, or none. In place: it goes with every request.
template <std::size_t Digits>
class HexId {
 public:
  HexId() = default;
  /// `text` has that many digits, or none.
  HexId(std::string_view text) : size_(static_cast<std::uint8_t>(std::min(text.size(), Digits))) { std::copy_n(text.data(), size_, digits_); }  // NOLINT
  HexId(const char* text) : HexId(std::string_view(text)) {}                                                                                     // NOLINT
  operator std::string_view() const { return {digits_, size_}; }  // NOLINT: it is a text
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  friend bool operator==(const HexId& a, const HexId& b) { return std::string_view(a) == std::string_view(b); }

 private:
  std::uint8_t size_ = 0;
  char digits_[Digits];
};

/// W3C Trace Context (Level 1). `trace` and `parent` in lower-case hex, as they stand in `traceparent`.
struct TraceContext {
  HexId<32> trace;            ///< the caller's, or made here
  HexId<16> parent;           ///< the caller's span; empty: the caller sent none
  HexId<16> span;             ///< the span of this request
  bool sampled = true;
};

/// One request that is over. Views live during the call they are handed to.
struct RequestRecord {
  UnixMs began = 0;
  std::string_view id;                      ///< belay-request-id
  std::string_view method, path, peer, user_agent;
  std::string_view key;                     ///< name of the gateway key; empty: none was asked for
  int status = 0;                           ///< HTTP status sent; 0: the client went away before one
  bool gone = false;                        ///< the client went away before the end
  std::uint64_t bytes_in = 0, bytes_out = 0;   ///< of the bodies
  std::chrono::nanoseconds total{0};        ///< from the whole head to the end
  // Of requests that became a call; nullptr otherwise.
  const runtime::CallResult* call = nullptr;
  std::string_view wire, operation;         ///< "openai.chat/1", "chat"
  bool stream = false;
  std::chrono::nanoseconds overhead{0};     ///< total without the time in which an attempt, a wait or a refresh was under way
  std::chrono::nanoseconds first_content{-1};  ///< streamed calls: until the commit point; -1: never came
  TraceContext context;
  LiveCall* live = nullptr;                 ///< what SightWorker::began() made for it: when its attempts were under way
};

}  // namespace belay::gateway
