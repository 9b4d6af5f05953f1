// One exchange as a row of single calls, so that many can be interleaved, and each call made by another thread.
#pragma once

#include <optional>
#include <string>

#include "drive/bare.hpp"
#include "drive/material.hpp"

namespace belay::conform {

class Stepper {
 public:
  /// `piece`: bytes of the body in one call.
  Stepper(const Subject&, belay_instance*, const Material&, std::size_t piece);
  Stepper(const Stepper&) = delete;
  Stepper& operator=(const Stepper&) = delete;

  /// Makes the next call: begin, build_request, on_response_head, on_body_chunk..., finish, end; or begin, run, end. false: that was the last one.
  bool step();
  void to_the_end() {
    while (step()) {
    }
  }
  [[nodiscard]] bool over() const { return next_ == Next::nothing; }
  /// The function that the next step calls.
  [[nodiscard]] const char* next() const;
  /// What it came to: the request, the events, the statuses. Equal for two ways of doing the same.
  [[nodiscard]] std::string result() const { return request_.text() + "\n" + events_.transcript + "\n" + statuses_; }
  [[nodiscard]] const EventTape& events() const { return events_; }

 private:
  enum class Next : std::uint8_t { begin, build, head, chunk, finish, run, end, nothing };
  Next after_begin();
  Next after_chunk();
  Next settle(belay_status status, Next good);

  const Subject& subject_;
  belay_instance* const instance_;
  const Material& material_;
  const CassetteReply reply_;
  const std::size_t piece_;
  std::size_t at_ = 0;
  Next next_ = Next::begin;
  std::optional<BareExchange> exchange_;
  EventTape events_;
  RequestTape request_;
  PieceWindow window_;
  std::string statuses_;
};

/// Stepper::to_the_end() at once.
std::string result_of(const Subject&, belay_instance*, const Material&, std::size_t piece = 4096);

}  // namespace belay::conform
