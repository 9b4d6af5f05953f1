// Takes the HTTP request that a plugin writes and refuses what the contract forbids: other origins, framing headers,
// control bytes, a secret outside of a header that is marked as one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/origin.hpp"
#include "belay/request.h"
#include "fault.hpp"
#include "plugins/provider.hpp"

namespace belay::plugins {

/// Where requests of an instance may go.
struct AllowedOrigins {
  std::vector<Origin> own;            ///< of its base URL
  std::vector<std::string> patterns;  ///< of the module's note
  [[nodiscard]] bool allows(const Origin& origin) const;
};

class RequestWriter {
 public:
  RequestWriter(FaultLatch& latch, const AllowedOrigins& origins, const belay_credential* credential,
                OutgoingRequest& out)
      : latch_(latch), origins_(origins), credential_(credential), out_(out) {}
  RequestWriter(const RequestWriter&) = delete;
  RequestWriter& operator=(const RequestWriter&) = delete;

  [[nodiscard]] const belay_http_writer* raw() const { return &raw_; }
  [[nodiscard]] bool has_line() const { return step_ != Step::line; }

 private:
  enum class Step { line, headers, body, given };

  static belay_status on_line(void* host, belay_str method, belay_str url);
  static belay_status on_header(void* host, belay_str name, belay_str value, std::uint32_t flags);
  static belay_status on_body(void* host, belay_bytes piece);
  static belay_status on_body_as_given(void* host);

  belay_status line(std::string_view method, std::string_view url);
  belay_status header(std::string_view name, std::string_view value, bool secret);
  belay_status breach(std::string_view what);
  /// One of the credential's secrets stands in `text`, as it is or percent-encoded.
  [[nodiscard]] bool tells_secret(std::string_view text) const;

  FaultLatch& latch_;
  const AllowedOrigins& origins_;
  const belay_credential* const credential_;
  OutgoingRequest& out_;
  Step step_ = Step::line;
  std::size_t header_bytes_ = 0;
  belay_http_writer raw_{sizeof(belay_http_writer), 0, this, on_line, on_header, on_body, on_body_as_given};
};

}  // namespace belay::plugins
