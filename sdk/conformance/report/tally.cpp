#include "report/report.hpp"

namespace belay::conform {

Tally tally(const FileReport& report) {
  Tally out;
  for (const auto& one : report.checks) {
    if (!one.waiver.empty()) {
      ++out.waived;
      continue;
    }
    switch (one.outcome.status) {
      case Status::pass:
        ++out.passed;
        break;
      case Status::warn:
        ++out.warned;
        break;
      case Status::skip:
        ++out.skipped;
        break;
      case Status::not_applicable:
        ++out.not_applicable;
        break;
      case Status::fail:
      case Status::crash:
      case Status::hang:
      case Status::leaked:
        ++out.failed;
        break;
    }
  }
  return out;
}

}  // namespace belay::conform
