// What must hold of an exchange whatever came from upstream.
#pragma once

#include <string>

#include "base/utf8.hpp"
#include "check.hpp"
#include "drive/bare.hpp"

namespace belay::conform {

/// `heard_out`: finish(COMPLETE or TRUNCATED) was called, or run() returned; `where` is for people.
inline void judge(const Case& c, const EventTape& tape, belay_status status, bool heard_out, const std::string& where) {
  c.require(status <= BELAY_STOP, "statuses are of the ABI", where + ": " + std::to_string(status));
  c.require(tape.breach.empty(), "events obey the grammar", where + ": " + tape.breach);
  c.require(tape.after_stop == 0, "nothing is emitted after the sink said STOP", where + ": " + std::to_string(tape.after_stop) + " events");
  if (status == BELAY_OK && heard_out && tape.stop_at == SIZE_MAX)
    c.require(tape.complete(), "a reply that was taken comes to an end: a terminal event, RAW, or a status", where + ": OK and no event that ends it");
}

}  // namespace belay::conform
