// FUZZ-01, 02: bodies that no upstream should send.
#include <vector>

#include "base/json.hpp"
#include "checks/fuzz.hpp"
#include "checks/fuzz_judge.hpp"
#include "drive/bare.hpp"
#include "drive/material.hpp"
#include "drive/noise.hpp"
#include "drive/test_host.hpp"
#include "run/child.hpp"
#include "run/sanitized.hpp"

namespace belay::conform {
namespace {

constexpr std::uint32_t ways_to_end[] = {BELAY_FINISH_COMPLETE, BELAY_FINISH_TRUNCATED, BELAY_FINISH_CANCELLED, BELAY_FINISH_TIMEOUT};

std::string place(const Case& c, int i) {
  return "iteration " + std::to_string(i) + " of seed " + std::to_string(c.setup.seed);
}

void one_reply(const Case& c, const Subject& plugin, belay_instance* instance, const Material& one, const CassetteReply& reply, Noise& noise,
               const std::string& where) {
  EventTape tape(one.tape, EventTape::Keep::numbers);
  if (noise.one_in(10)) tape.stop_at = noise.below(4);
  const bool whole = noise.one_in(2);
  const std::uint32_t end = whole ? BELAY_FINISH_COMPLETE : ways_to_end[noise.below(4)];
  const std::size_t piece = noise.one_in(3) ? 1 + noise.below(8) : 1 + noise.below(600);
  const belay_status status = play_bare(plugin, instance, one.lent, reply, tape, {.piece = piece, .finish = end});
  judge(c, tape, status, end <= BELAY_FINISH_TRUNCATED, where);
}

void one_failure(const Case& c, const Subject& plugin, belay_instance* instance, CassetteReply reply, Noise& noise, const std::string& where) {
  reply.status = 300 + static_cast<int>(noise.below(300));
  const LentFailure failure(reply, 1 + static_cast<std::uint32_t>(noise.below(5)));
  ClassificationRoom room;
  belay_status status = BELAY_OK;
  {
    const TestHost::Inside inside(Where::any, "classify_error");
    status = plugin.api->classify_error(instance, failure.get(), &room.out);
  }
  c.require(status <= BELAY_STOP, "statuses are of the ABI", where + ": classify_error() answered " + std::to_string(status));
  for (const belay_text* text : {&room.out.message, &room.out.parameter, &room.out.rename}) {
    c.require(text->len <= text->cap, "a text stays within its room", where + ": length " + std::to_string(text->len) + " of " + std::to_string(text->cap));
    c.require(valid_utf8({text->ptr, text->len}), "texts of classify_error() are UTF-8", where + ": \"" + printable({text->ptr, text->len}) + "\"");
  }
}

}  // namespace

/// Catches: a parser that a reply can break.
void random_replies(Case& c) {
  const int iterations = sanitized() ? 3000 : 10'000;
  const Subject& plugin = c.plugin();
  if (plugin.own_transport()) c.not_applicable("with a transport of its own it gets no reply");
  const Materials all = whole_replies(c, plugin);
  std::vector<std::unique_ptr<BareAccount>> accounts;
  for (const auto& one : all) accounts.push_back(std::make_unique<BareAccount>(c, plugin, one->lent));
  Noise noise(c.random());
  for (int i = 0; i < iterations; ++i) {
    const std::string where = place(c, i);
    c.doing(where);
    const std::size_t which = noise.below(all.size());
    const CassetteReply reply = noise.reply();
    if (noise.one_in(10)) {
      one_failure(c, plugin, accounts[which]->get(), reply, noise, where);
    } else {
      one_reply(c, plugin, accounts[which]->get(), *all[which], reply, noise, where);
    }
  }
}

namespace {

/// The caller's request, changed but still an object; at most ten tries.
std::string changed_request(const Material& one, const Materials& all, Noise& noise) {
  for (int i = 0; i < 10; ++i) {
    std::string body = noise.mutated(one.tape.body, all[noise.below(all.size())]->tape.body);
    if (json::index_object(body)) return body;
  }
  return one.tape.body;
}

void one_request(const Case& c, const Subject& plugin, belay_instance* instance, const Material& one, const std::string& body, const std::string& where) {
  const Material changed(one.tape, {.body = body});
  EventTape tape(one.tape, EventTape::Keep::numbers);
  const belay_status status = play_bare(plugin, instance, changed.lent, one.reply(), tape);
  judge(c, tape, status, plugin.own_transport() || one.reply().status / 100 == 2, where + ", a changed request");
}

}  // namespace

/// Catches: a count, index, type or order that upstream told and the plugin believed.
void mutated_cassettes(Case& c) {
  const int iterations = sanitized() ? 1200 : 4000;
  const Subject& plugin = c.plugin();
  const Materials all = material(c, plugin);
  std::vector<std::unique_ptr<BareAccount>> accounts;
  for (const auto& one : all) accounts.push_back(std::make_unique<BareAccount>(c, plugin, one->lent));
  Noise noise(c.random());
  for (int i = 0; i < iterations; ++i) {
    const std::size_t which = noise.below(all.size());
    const Material& one = *all[which];
    const std::string where = place(c, i) + ", " + one.tape.name;
    c.doing(where);
    if (plugin.own_transport() || noise.one_in(4)) {
      one_request(c, plugin, accounts[which]->get(), one, changed_request(one, all, noise), where);
      continue;
    }
    CassetteReply reply = one.reply();
    reply.body = noise.mutated(reply.body, all[noise.below(all.size())]->reply().body);
    if (reply.status / 100 == 2) {
      one_reply(c, plugin, accounts[which]->get(), one, reply, noise, where);
    } else {
      one_failure(c, plugin, accounts[which]->get(), reply, noise, where);
    }
  }
}

}  // namespace belay::conform
