// /metrics as text, made from what was gathered.
#pragma once

#include <cstdint>
#include <string>

#include "counters.hpp"
#include "names.hpp"
#include "process_facts.hpp"
#include "reloads.hpp"
#include "runtime/runtime.hpp"

namespace belay::gateway::sight {

/// What happened to lines and spans behind the loops.
struct RecorderFacts {
  std::uint64_t lines = 0, lines_lost = 0, spans = 0, spans_refused = 0, spans_overflowed = 0;
};

struct Readout {
  Counters counters;  ///< of all workers
  std::size_t workers = 0;
  RecorderFacts recorder;
  ReloadFacts reloads;
  ProcessFacts process;
};

std::string metrics_text(const Readout& readout, const Names& names, const runtime::Status& status);

}  // namespace belay::gateway::sight
