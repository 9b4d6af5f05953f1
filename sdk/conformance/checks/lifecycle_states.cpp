// LIFE-01, 04, 05: short lives, and ends at every point.
#include <vector>

#include "checks/lifecycle.hpp"
#include "drive/allocations.hpp"
#include "drive/bare.hpp"
#include "drive/material.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {

/// Catches: an allocation of create() that destroy() forgets.
void create_and_destroy_do_not_grow(Case& c) {
  constexpr int warm_up = 100, rounds = 1000;
  const Materials materials = material(c, c.plugin());
  const Lent& lent = materials.front()->lent;
  for (int i = 0; i < warm_up; ++i) BareAccount(c, c.plugin(), lent);
  const CountAllocations counting;
  for (int i = 0; i < rounds; ++i) {
    BareAccount(c, c.plugin(), lent);
    if (i % 100 == 0) c.doing("round " + std::to_string(i) + " of create() and destroy()");
  }
  if (!allocations_seen()) return c.measured("allocations", "not counted in this build");
  const AllocationCount left = counting.so_far();
  c.measured("blocks left per round", std::to_string(left.blocks / rounds));
  // A cache that grows now and then is not a leak; one block in two rounds is.
  c.require(left.blocks < rounds / 2 && left.bytes < rounds * 16, "what create() allocates, destroy() frees",
            "after " + std::to_string(rounds) + " rounds " + std::to_string(left.blocks) + " blocks and " + std::to_string(left.bytes) + " bytes are left");
}

/// Catches: end() or destroy() that counts on calls in between.
void nothing_but_ends(Case& c) {
  const Subject& plugin = c.plugin();
  for (const auto& one : material(c, plugin)) {
    for (int round = 0; round < 10; ++round) {
      c.doing("create() and destroy() with the configuration of " + one->tape.name);
      BareAccount(c, plugin, one->lent);
      const BareAccount first(c, plugin, one->lent), second(c, plugin, one->lent);
      c.doing("begin() and end() with the request of " + one->tape.name);
      BareExchange a(plugin, first.get(), one->lent), b(plugin, second.get(), one->lent), third(plugin, first.get(), one->lent);
      b.end();
    }
  }
}

namespace {

/// How far an exchange goes before it is ended.
enum class Until : std::uint8_t { begun, built, head_seen, first_piece, half_way, last_piece };

struct EndCase {
  Until until;
  std::optional<std::uint32_t> finish;
  const char* words;
};

constexpr EndCase end_cases[] = {
    {Until::begun, std::nullopt, "begin()"},
    {Until::built, std::nullopt, "build_request()"},
    {Until::built, BELAY_FINISH_FAILED, "build_request() and finish(FAILED)"},
    {Until::built, BELAY_FINISH_TIMEOUT, "build_request() and finish(TIMEOUT)"},
    {Until::built, BELAY_FINISH_CANCELLED, "build_request() and finish(CANCELLED)"},
    {Until::built, BELAY_FINISH_TRUNCATED, "build_request() and finish(TRUNCATED)"},
    {Until::built, 99, "build_request() and finish() with an argument of a later ABI"},
    {Until::head_seen, std::nullopt, "on_response_head()"},
    {Until::head_seen, BELAY_FINISH_COMPLETE, "on_response_head() and finish(COMPLETE), no body"},
    {Until::head_seen, BELAY_FINISH_TRUNCATED, "on_response_head() and finish(TRUNCATED)"},
    {Until::first_piece, std::nullopt, "the first byte"},
    {Until::half_way, std::nullopt, "half of the body"},
    {Until::half_way, BELAY_FINISH_TRUNCATED, "half of the body and finish(TRUNCATED)"},
    {Until::half_way, BELAY_FINISH_CANCELLED, "half of the body and finish(CANCELLED)"},
    {Until::half_way, BELAY_FINISH_TIMEOUT, "half of the body and finish(TIMEOUT)"},
    {Until::half_way, BELAY_FINISH_FAILED, "half of the body and finish(FAILED)"},
    {Until::half_way, 99, "half of the body and finish() with an argument of a later ABI"},
    {Until::last_piece, std::nullopt, "the whole body"},
    {Until::last_piece, BELAY_FINISH_COMPLETE, "the whole body and finish(COMPLETE)"},
};

void require_status(const Case& c, belay_status status, const char* function, const std::string& where) {
  c.require(status <= BELAY_STOP, "a status of the ABI", std::string(function) + "() answered " + std::to_string(status) + " in " + where);
}

/// True: goes on. A status that is not OK ends the calls but end(), as a host does.
bool feed(const Case& c, BareExchange& exchange, std::string_view bytes, EventTape& tape, const std::string& where) {
  PieceWindow window;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, PieceWindow::most);
    const belay_status status = exchange.chunk(window.put(piece), tape);
    window.spoil();
    require_status(c, status, "on_body_chunk", where);
    if (tape.as_host(status) != BELAY_OK) return false;
    bytes.remove_prefix(piece.size());
  }
  return true;
}

bool go(const Case& c, BareExchange& exchange, const CassetteReply& reply, Until until, EventTape& tape, const std::string& where) {
  if (until == Until::begun) return true;
  belay_status status = exchange.build(silent_writer());
  require_status(c, status, "build_request", where);
  if (status != BELAY_OK) return false;
  if (until == Until::built) return true;
  const LentHead head(reply);
  status = exchange.head(head.head(), tape);
  require_status(c, status, "on_response_head", where);
  if (tape.as_host(status) != BELAY_OK || until == Until::head_seen) return tape.as_host(status) == BELAY_OK;
  const std::string_view body = reply.body;
  const std::size_t bytes = until == Until::first_piece ? 1 : until == Until::half_way ? body.size() / 2 : body.size();
  return feed(c, exchange, body.substr(0, bytes), tape, where);
}

void end_http(Case& c, const Subject& plugin, belay_instance* instance, const Material& one) {
  const CassetteReply reply = one.reply();
  const bool good = reply.status / 100 == 2;
  for (const EndCase& at : end_cases) {
    if (!good && at.until > Until::built) continue;   // such a reply is never shown to the exchange
    const std::string where = one.tape.name + ", ended after " + at.words;
    c.doing("" + where);
    EventTape tape(one.tape, EventTape::Keep::numbers);
    BareExchange exchange(plugin, instance, one.lent);
    if (!exchange.begun() || !go(c, exchange, reply, at.until, tape, where) || !at.finish) continue;
    const std::size_t before = tape.events;
    const belay_status status = exchange.finish(*at.finish, tape);
    require_status(c, status, "finish", where);
    if (*at.finish == BELAY_FINISH_FAILED)
      c.require(tape.events == before, "finish(FAILED) emits nothing", std::to_string(tape.events - before) + " events in " + where);
  }
}

void end_transport(Case& c, const Subject& plugin, belay_instance* instance, const Material& one) {
  TestHost& host = the_host();
  for (const char* moment : {"begin()", "run()", "a run() that was cancelled", "a run() whose first event was answered STOP"}) {
    const std::string where = one.tape.name + ", ended after " + moment;
    c.doing("" + where);
    const std::string_view how = moment;
    EventTape tape(one.tape, EventTape::Keep::numbers);
    BareExchange exchange(plugin, instance, one.lent);
    if (!exchange.begun() || how == "begin()") continue;
    if (how.find("STOP") != how.npos) tape.stop_at = 0;
    host.cancelled = how.find("cancelled") != how.npos;
    require_status(c, exchange.run(tape, host.cancel()), "run", where);
    host.cancelled = false;
  }
}

}  // namespace

/// Catches: end() in a state that the plugin did not expect, and events of finish(FAILED).
void ends_in_every_state(Case& c) {
  const Subject& plugin = c.plugin();
  for (const auto& one : material(c, plugin)) {
    const BareAccount account(c, plugin, one->lent);
    if (plugin.own_transport()) {
      end_transport(c, plugin, account.get(), *one);
    } else {
      end_http(c, plugin, account.get(), *one);
    }
  }
}

}  // namespace belay::conform
