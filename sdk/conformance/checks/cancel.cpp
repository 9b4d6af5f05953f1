// CANC-01 .. 03: the host is done before the reply is.
#include <chrono>

#include "checks/checks.hpp"
#include "checks/replies.hpp"
#include "drive/reasons.hpp"

namespace belay::conform {
namespace {

using Clock = std::chrono::steady_clock;
// DESIGN 6.7: within 100 ms of a cancel; the rest is a loaded machine's.
constexpr auto promptly = std::chrono::milliseconds(1100);
constexpr std::size_t most_events = 60;

/// A plugin's reply to be cancelled: recorded ones, or whatever its own transport says to an invented request.
std::vector<Cassette> tapes(Case& self) {
  std::vector<Cassette> out;
  for (const auto* cassette : replies::good(self.plugin())) out.push_back(*cassette);
  if (out.empty() && self.plugin().own_transport()) out.push_back(replies::any_exchange(self.plugin()));
  if (out.empty()) self.skip_missing("ok-stream");
  return out;
}

bool ended_by_host(belay_status status) { return status == BELAY_OK || status == BELAY_STOP || status == BELAY_ERR_CANCELLED; }

// ---- CANC-01

void stop_at(Case& self, Account& account, const Cassette& cassette, std::size_t at, const Cuts& cuts) {
  const auto where = replies::place(cassette, "STOP at event " + std::to_string(at));
  self.doing(where);
  PlayOptions options;
  options.stop_at = at;
  options.cuts = cuts;
  const auto played = play(self.plugin(), account.get(), cassette, options);
  replies::no_exception(self, played, where);
  self.require(played.after_stop == 0, "nothing is emitted after the sink said STOP", where + ": " + std::to_string(played.after_stop) + " event(s) came after it");
  if (played.failed() < 0)
    self.require(ended_by_host(played.failed()), "the call returns OK or STOP after the sink said STOP", where + ": status " + std::to_string(played.failed()));
}

void canc_01(Case& self) {
  for (const auto& cassette : tapes(self)) {
    Account account(self, self.plugin(), cassette);
    const auto whole = play(self.plugin(), account.get(), cassette);
    replies::no_exception(self, whole, replies::place(cassette));
    const std::size_t events = std::min(whole.events.size(), most_events);
    for (std::size_t at = 0; at < events; ++at) stop_at(self, account, cassette, at, {});
    if (self.plugin().own_transport()) continue;
    for (std::size_t at = 0; at < std::min<std::size_t>(events, 12); ++at) stop_at(self, account, cassette, at, every_byte(cassette.reply->body.size()));
  }
}

// ---- CANC-02

void require_no_clean_end(Case& self, const Played& played, const std::string& where) {
  replies::no_exception(self, played, where);
  const auto* last = played.terminal();
  const bool clean = last != nullptr && last->type != BELAY_EVENT_ERROR && played.before_finish < played.events.size();
  self.require(!clean, "finish(CANCELLED) in the middle of a reply emits no STOP and no RESULT", where + ": " + (clean ? to_string(*last) : std::string()));
  if (const auto breach = grammar_breach(played, false); breach && !played.events.empty() && last != nullptr)
    self.fail("events by the grammar", where + ": " + *breach);
}

void leave(Case& self, Account& account, const Cassette& cassette, Until until, std::size_t pieces, std::optional<std::uint32_t> finish, const std::string& what) {
  const auto where = replies::place(cassette, what);
  self.doing(where);
  PlayOptions options;
  options.until = until;
  options.pieces = pieces;
  options.finish = finish;
  if (until == Until::pieces) options.cuts = {cassette.reply->body.size() / 8, cassette.reply->body.size() / 4, cassette.reply->body.size() / 3};
  require_no_clean_end(self, play(self.plugin(), account.get(), cassette, options), where);
}

void leave_everywhere(Case& self, Account& account, const Cassette& cassette) {
  leave(self, account, cassette, Until::begun, 0, std::nullopt, "ended before build_request()");
  leave(self, account, cassette, Until::built, 0, std::nullopt, "ended before the head");
  leave(self, account, cassette, Until::built, 0, BELAY_FINISH_CANCELLED, "cancelled before the head");
  leave(self, account, cassette, Until::head, 0, BELAY_FINISH_CANCELLED, "cancelled after the head");
  for (std::size_t pieces = 1; pieces <= 3; ++pieces)
    leave(self, account, cassette, Until::pieces, pieces, BELAY_FINISH_CANCELLED, "cancelled after " + std::to_string(pieces) + " piece(s)");
  // During finish(): the sink says STOP to what finish() still has.
  const auto where = replies::place(cassette, "STOP during finish()");
  self.doing(where);
  PlayOptions options;
  options.until = Until::pieces;
  options.pieces = 2;
  options.cuts = {cassette.reply->body.size() / 3, cassette.reply->body.size() / 2};
  options.finish = BELAY_FINISH_CANCELLED;
  options.stop_at = play(self.plugin(), account.get(), cassette, options).before_finish;
  const auto played = play(self.plugin(), account.get(), cassette, options);
  replies::no_exception(self, played, where);
  self.require(played.after_stop == 0, "nothing is emitted after the sink said STOP", where);
}

/// run() is cancelled before it begins, and at an event; it asks in time and comes back.
void cancel_run(Case& self, Account& account, const Cassette& cassette, std::optional<std::size_t> at_event) {
  auto& host = self.plugin().host;
  const auto where = replies::place(cassette, at_event ? "cancelled at event " + std::to_string(*at_event) : "cancelled before run()");
  self.doing(where);
  host.cancelled = !at_event;
  std::optional<Clock::time_point> cancelled_at;
  if (!at_event) cancelled_at = Clock::now();
  std::size_t seen = 0;
  PlayOptions options;
  options.on_event = [&](const SeenEvent&) {
    if (!at_event || seen++ != *at_event) return;
    host.cancelled = true;
    cancelled_at = Clock::now();
  };
  const auto played = play(self.plugin(), account.get(), cassette, options);
  const auto back = Clock::now();
  host.cancelled = false;
  replies::no_exception(self, played, where);
  if (!cancelled_at) return;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(back - *cancelled_at);
  self.require(took <= promptly, "run() returns within 100 ms of a cancel", where + ": it took " + std::to_string(took.count()) + " ms");
  self.require(ended_by_host(played.run), "OK, STOP or BELAY_ERR_CANCELLED", where + ": status " + std::to_string(played.run) + " " + played.error);
}

void canc_02(Case& self) {
  for (const auto& cassette : tapes(self)) {
    Account account(self, self.plugin(), cassette);
    if (!self.plugin().own_transport()) {
      leave_everywhere(self, account, cassette);
      continue;
    }
    const auto whole = play(self.plugin(), account.get(), cassette);
    replies::no_exception(self, whole, replies::place(cassette));
    cancel_run(self, account, cassette, std::nullopt);
    for (std::size_t at = 0; at < std::min<std::size_t>(whole.events.size(), 8); ++at) cancel_run(self, account, cassette, at);
  }
}

// ---- CANC-03

/// What an attempt that the host ended may be taken for: never for a fault of the provider's or of the credential's.
bool no_fault_of_upstream(std::uint32_t reason) {
  return reason == BELAY_REASON_UNKNOWN || reason == BELAY_REASON_TIMED_OUT || reason == BELAY_REASON_UNREACHABLE || reason == BELAY_REASON_INVALID_REPLY;
}

void canc_03(Case& self) {
  replies::http_only(self);
  for (const auto& cassette : tapes(self)) {
    if (cassette.expect.error || cassette.reply->truncated) continue;
    Account account(self, self.plugin(), cassette);
    for (const std::uint32_t how : {BELAY_FINISH_TIMEOUT, BELAY_FINISH_CANCELLED}) {
      for (std::size_t pieces = 0; pieces <= 2; ++pieces) {
        const auto where = replies::place(cassette, std::string(how == BELAY_FINISH_TIMEOUT ? "finish(TIMEOUT)" : "finish(CANCELLED)") + " after " + std::to_string(pieces) + " piece(s)");
        self.doing(where);
        PlayOptions options;
        options.until = Until::pieces;
        options.pieces = pieces;
        options.finish = how;
        options.cuts = {cassette.reply->body.size() / 4, cassette.reply->body.size() / 3};
        const auto played = play(self.plugin(), account.get(), cassette, options);
        replies::no_exception(self, played, where);
        const auto* last = played.terminal();
        self.require(last == nullptr || last->type == BELAY_EVENT_ERROR, "a reply that the host ended is no whole one", where + ": " + (last != nullptr ? to_string(*last) : ""));
        if (last == nullptr || !last->failure) continue;
        const auto answer = classify(self.plugin(), account.get(), *last->failure);
        self.require(answer.status < 0 || no_fault_of_upstream(answer.reason), "unknown, timed_out, unreachable or invalid_reply",
                     where + ": its ERROR is classified as " + std::string(reason_name(answer.reason)));
        self.require(last->failure->kind == BELAY_FAILURE_CUT || last->failure->kind == BELAY_FAILURE_INVALID, "an ERROR of kind CUT",
                     where + ": kind " + std::to_string(last->failure->kind));
      }
    }
  }
}

constexpr Check checks[] = {
    {"CANC-01", Group::cancel, Severity::must, "after the sink said STOP nothing is emitted and the call returns", "event.h provider.h",
     "The sink answers STOP at the first event, at the second, and so on, for whole replies and byte by byte, and for run(). The call has to return OK or STOP "
     "without another event; end() comes next. STOP means that the caller is gone: a plugin that goes on works for nobody, and one that treats STOP as an error "
     "makes the target look bad.",
     canc_01},
    {"CANC-02", Group::cancel, Severity::must, "an exchange may be cancelled at every point", "provider.h ext/transport.h",
     "The exchange is ended, or finished as CANCELLED, before build_request(), before and after the head, between pieces, and while finish() emits; no STOP or RESULT "
     "may come out of it. run() of an own transport is cancelled before it starts and at each of its first events, and has to return within 100 ms (a second is "
     "allowed for a loaded machine) with OK, STOP or BELAY_ERR_CANCELLED.",
     canc_02},
    {"CANC-03", Group::cancel, Severity::must, "a timeout or a cancel is not told as a server's fault", "failure.h provider.h DESIGN 4.1",
     "Replies end in their middle with finish(TIMEOUT) and finish(CANCELLED). If an ERROR comes, it is of kind CUT and classify_error() makes nothing of it that "
     "blames provider or credential; a clean STOP is wrong. A plugin that calls it a server error puts a healthy target on hold.",
     canc_03},
};

}  // namespace

std::span<const Check> cancel_checks() { return checks; }

}  // namespace belay::conform
