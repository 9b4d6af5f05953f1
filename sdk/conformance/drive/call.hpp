// One call into a plugin: marked as such for the test host, its error text checked, an exception caught.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include "drive/allocations.hpp"
#include "drive/loan.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {

/// The belay_error that a call gets, with a mark behind its room.
class ErrorPaper {
 public:
  explicit ErrorPaper(std::optional<std::uint32_t> room);
  belay_error* raw() { return raw_; }
  [[nodiscard]] std::string text() const;
  /// What the plugin did to it that it may not; empty: nothing.
  [[nodiscard]] std::string breach() const;

 private:
  static constexpr std::size_t mark_bytes = 8;
  Loan loan_;
  belay_error* raw_ = nullptr;
  char* room_ = nullptr;
  std::uint32_t cap_ = 0;
};

/// A text that a plugin wrote into `room` of `cap` bytes: empty when it is whole UTF-8 without NUL within its room, else what is wrong.
std::string text_breach(const belay_text& text, const char* room, std::uint32_t cap, std::string_view what);

/// What a call came to.
struct Called {
  belay_status status = BELAY_ERR_INTERNAL;
  bool allocation_failed = false;
  std::string error, threw, room_breach;
  std::string text;   ///< what is in the error's room, also of a call that went well
};

/// Runs `body(belay_error*) -> belay_status`. Code of this tool inside it (sinks) marks itself with HostCode. `fail`: which of the plugin's allocations
/// fails.
template <class Body>
Called call_plugin(const char* function, Where where, std::optional<std::uint32_t> room, Body&& body, std::optional<std::uint64_t> fail = {}) {
  Called out;
  ErrorPaper paper(room);
  {
    const TestHost::Inside inside(where, function);
    try {
      std::optional<FailAllocation> failing;
      if (fail) failing.emplace(*fail);
      const struct Watch {
        std::optional<FailAllocation>& failing;
        bool& happened;
        ~Watch() { happened = failing && failing->happened(); }
      } watch{failing, out.allocation_failed};
      out.status = body(paper.raw());
    } catch (const std::exception& thrown) {
      const HostCode host_code;
      out.threw = std::string(function) + "() let an exception out: " + thrown.what();
    } catch (...) {
      const HostCode host_code;
      out.threw = std::string(function) + "() let an exception out";
    }
  }
  out.room_breach = paper.breach();
  if (!out.room_breach.empty()) out.room_breach = std::string(function) + "() " + out.room_breach;
  out.text = paper.text();
  if (out.status < 0) out.error = out.text;
  return out;
}

}  // namespace belay::conform
