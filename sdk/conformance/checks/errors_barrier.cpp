// The line itself: nothing gets across it but statuses, also when memory runs out; and what a newer host may say.
#include "checks/errors.hpp"
#include "checks/replies.hpp"
#include "drive/allocations.hpp"

namespace belay::conform {
namespace {

constexpr std::uint64_t most_allocations = 60;

std::string nth(std::uint64_t n, std::string_view function) { return "allocation " + std::to_string(n + 1) + " of " + std::string(function) + " fails"; }

/// One exchange in which the n-th allocation of one function fails. False: the function makes no such allocation.
bool starve(Case& self, Account& account, const Cassette& cassette, const char* step, std::uint64_t n) {
  const auto where = replies::place(cassette) + ", " + nth(n, step);
  self.doing(where);
  PlayOptions options;
  options.fail_in = step;
  options.fail_allocation = n;
  if (cassette.reply && std::string_view(step) == "chunk") options.cuts = {cassette.reply->body.size() / 3, cassette.reply->body.size() * 2 / 3};
  const auto played = play(self.plugin(), account.get(), cassette, options);
  replies::no_exception(self, played, where);
  self.require(played.begin != BELAY_OK || played.begun, "begin() answers OK with an exchange, or a status", where + ": OK, and no exchange");
  return played.allocation_failed;
}

void starve_create(Case& self, const Cassette& cassette) {
  for (std::uint64_t n = 0; n < most_allocations; ++n) {
    self.doing(nth(n, "create()"));
    CreateOptions options;
    options.fail_allocation = n;
    const auto created = try_create(self.plugin(), cassette, options);
    self.require(created.threw.empty(), "a status, nothing thrown", nth(n, "create()") + ": " + created.threw);
    self.require(created.status == BELAY_OK || !created.out_touched, "*out untouched when create() fails", nth(n, "create()") + ": status " + std::to_string(created.status));
    if (!created.allocation_failed) return;
  }
}

void unknown_finish(Case& self) {
  for (const auto* cassette : replies::exchanges(self.plugin())) {
    if (!cassette->reply) continue;
    Account account(self, self.plugin(), *cassette);
    PlayOptions options;
    options.until = Until::built;
    options.finish = 99;
    self.doing("finish(99)");
    const auto played = play(self.plugin(), account.get(), *cassette, options);
    replies::no_exception(self, played, "finish(99)");
    self.require(played.events.empty(), "finish() with an unknown value is finish(FAILED), which emits nothing",
                 replies::place(*cassette) + ": " + (played.events.empty() ? "" : to_string(played.events.front())));
    return;
  }
}

/// Bits that mean nothing in 1.0 change nothing.
void unknown_bits(Case& self, const Cassette& cassette) {
  Account account(self, self.plugin(), cassette);
  self.doing("unknown flags");
  const auto plain = play(self.plugin(), account.get(), cassette);
  PlayOptions options;
  options.request_flags = 0x7FFFFFFEu;
  options.field_flags = 0x7FFFFFFEu;
  const auto flagged = play(self.plugin(), account.get(), cassette, options);
  replies::no_exception(self, flagged, "unknown flags");
  self.require(plain.failed() == flagged.failed(), "unknown flags of request and fields mean nothing", "status " + std::to_string(flagged.failed()) + ", without them " + std::to_string(plain.failed()));
  self.require(plain.sent.url == flagged.sent.url && plain.sent.body == flagged.sent.body, "the same request with unknown flags", flagged.sent.method + " " + flagged.sent.url);
  if (!self.plugin().own_transport()) replies::same_events(self, plain.events, flagged.events, "unknown flags of request and fields");
}

}  // namespace

void err_05(Case& self) {
  if (!allocations_seen()) self.not_applicable("a sanitizer owns the allocator here, so none can be made to fail");
  const auto invented = replies::any_exchange(self.plugin());
  starve_create(self, invented);
  std::vector<const Cassette*> tapes;
  for (const char* name : {"ok", "ok-stream", "tool-stream", "mid-stream-error"}) {
    if (const auto* cassette = self.plugin().cassette(name)) tapes.push_back(cassette);
  }
  if (tapes.empty()) tapes.push_back(&invented);
  for (const auto* cassette : tapes) {
    Account account(self, self.plugin(), *cassette);
    for (const char* step : {"begin", "build_request", "head", "chunk", "finish", "run", "end"}) {
      for (std::uint64_t n = 0; n < most_allocations && starve(self, account, *cassette, step, n); ++n) {
      }
    }
  }
}

void err_06(Case& self) {
  const auto cassette = replies::any_exchange(self.plugin());
  Account account(self, self.plugin(), cassette);
  SeenEvent::Failure plain;
  plain.kind = BELAY_FAILURE_STATUS;
  plain.status = 401;
  plain.body = R"({"error":{"message":"invalid key","code":"invalid_api_key"}})";
  for (const std::uint32_t kind : {0u, 5u, 99u, 0xFFFFFFFFu}) {
    auto failure = plain;
    failure.kind = kind;
    const auto what = "a failure of kind " + std::to_string(kind);
    self.doing(what);
    const auto answer = classify(self.plugin(), account.get(), failure);
    self.require(answer.threw.empty() && answer.breach.empty(), "an answer", what + ": " + answer.threw + answer.breach);
    self.require(answer.status < 0 || answer.reason == BELAY_REASON_UNKNOWN, "BELAY_REASON_UNKNOWN for a kind of failure that the plugin doesn't know",
                 what + ": " + std::string(reason_name(answer.reason)));
  }
  for (const int status : {0, -1, 99, 299, 399, 499, 599, 600, 999, 2147483647}) {
    auto failure = plain;
    failure.status = status;
    failure.body.clear();
    const auto what = "status " + std::to_string(status);
    self.doing(what);
    const auto answer = classify(self.plugin(), account.get(), failure);
    self.require(answer.threw.empty() && answer.breach.empty(), "an answer", what + ": " + answer.threw + answer.breach);
    self.require(answer.status < 0 || answer.reason <= BELAY_REASON_CONTENT_REFUSED, "a reason of the ABI", what + ": reason " + std::to_string(answer.reason));
    self.require(answer.status < 0 || answer.scope <= BELAY_SCOPE_ENDPOINT, "a scope of the ABI", what + ": scope " + std::to_string(answer.scope));
  }
  unknown_bits(self, cassette);
  if (!self.plugin().own_transport()) unknown_finish(self);
}

}  // namespace belay::conform
