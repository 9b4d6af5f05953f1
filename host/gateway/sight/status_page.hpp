// /belay/status as JSON.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reloads.hpp"
#include "runtime/runtime.hpp"
#include "worker.hpp"

namespace belay::gateway::sight {

struct StatusView {
  UnixMs now = 0, started = 0;
  ReloadFacts reloads;
  std::vector<WorkerView> workers;
  std::shared_ptr<const runtime::Status> status;
  std::shared_ptr<const std::vector<runtime::Explanation>> routes;
};

/// Calls under way that are listed; all are counted.
inline constexpr std::size_t most_live = 200;

/// `holds` and `credentials` as `belay status --json` prints them, and what only a running gateway knows.
std::string status_json(const StatusView& view);

}  // namespace belay::gateway::sight
