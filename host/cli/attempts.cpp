#include "attempts.hpp"

#include "base/time.hpp"
#include "table.hpp"

namespace belay::cli {
namespace {

using fallback::Attempt;
using fallback::RefreshOutcome;
using fallback::Trace;

Ink ink_of(const Attempt& attempt) {
  if (!attempt.reason) return Ink::good;
  return attempt.verdict == fallback::Verdict::give_up ? Ink::bad : Ink::warning;
}

std::string words_of_upstream(const Attempt& attempt) {
  std::string text = attempt.message;
  if (!attempt.refresh_message.empty()) text += (text.empty() ? "" : "; ") + ("refresh: " + attempt.refresh_message);
  for (const fallback::Adjusted& change : attempt.adjusted) {
    text += (text.empty() ? "" : "; ") + change.parameter + (change.to == "null" ? " dropped" : " became " + change.to);
  }
  return text;
}

bool first_choice_answered(const Trace& trace) { return !trace.left && trace.skipped.empty(); }

}  // namespace

std::string took(std::int64_t ms) {
  if (ms < 1000) return std::to_string(ms) + " ms";
  if (ms < 100'000) return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " s";
  return std::to_string(ms / 60'000) + " min " + std::to_string(ms % 60'000 / 1000) + " s";
}

std::string target_of(const Attempt& attempt) {
  std::string text = attempt.provider;
  if (!attempt.model.empty()) text += "/" + attempt.model;
  if (!attempt.credential.empty()) text += "#" + attempt.credential;
  return text;
}

std::string happened(const Attempt& attempt) {
  if (!attempt.reason) return "answered";
  std::string text = attempt.status != 0 ? std::to_string(attempt.status) + " " : "";
  text += to_string(*attempt.reason);
  return text;
}

std::string then_of(const Attempt& attempt) {
  if (!attempt.reason) return "";
  std::string text;
  if (attempt.refresh != RefreshOutcome::none) text += "refresh " + std::string(to_string(attempt.refresh)) + ", ";
  // After a successful refresh the verdict says what follows from it: the same target once more.
  text += attempt.verdict == fallback::Verdict::refresh ? "once more" : to_string(attempt.verdict);
  if (attempt.hold_ms)
    text += *attempt.hold_ms < 0 ? ", held until its secret changes"
                                 : ", held " + format_duration(Millis(*attempt.hold_ms));
  return text;
}

std::string attempts_table(const Trace& trace, const Screen& screen) {
  Table table({{"#", 0, Side::right},
               {"target", 14},
               {"what happened", 13},
               {"then", 11},
               {"took", 0, Side::right},
               note("message")});
  for (const Attempt& attempt : trace.attempts) {
    table.add({{std::to_string(attempt.n), Ink::dim},
               target_of(attempt),
               {happened(attempt), ink_of(attempt)},
               then_of(attempt),
               {took(attempt.duration_ms), Ink::dim},
               {words_of_upstream(attempt), Ink::dim}});
  }
  for (const fallback::Skipped& skipped : trace.skipped) {
    table.add({{"-", Ink::dim}, skipped.target, {"skipped", Ink::warning}, "", "", {skipped.why, Ink::dim}});
  }
  return table.text(screen);
}

std::string switch_notice(const Trace& trace) {
  if (!trace.served_by || first_choice_answered(trace)) return "";
  std::string text = trace.served_by->provider;
  if (!trace.served_by->model.empty()) text += "/" + trace.served_by->model;
  text += " answered";
  std::string last;
  for (const Attempt& attempt : trace.attempts) {
    if (attempt.verdict != fallback::Verdict::next_target || !attempt.reason) continue;
    last += "; " + attempt.provider + (attempt.model.empty() ? "" : "/" + attempt.model) +
            " was left: " + std::string(to_string(*attempt.reason));
  }
  for (const fallback::Skipped& skipped : trace.skipped) last += "; " + skipped.target + " was skipped: " + skipped.why;
  return text + last;
}

std::string next_steps(const Trace& trace) {
  std::string text;
  for (const Attempt& attempt : trace.attempts) {
    if (attempt.refresh != RefreshOutcome::needs_interaction && attempt.refresh != RefreshOutcome::failed_permanent)
      continue;
    const std::string line = attempt.provider + "#" + attempt.credential +
                             " needs you: log in again or replace its secret; `belay status` tells more\n";
    if (text.find(line) == std::string::npos) text += line;
  }
  return text;
}

}  // namespace belay::cli
