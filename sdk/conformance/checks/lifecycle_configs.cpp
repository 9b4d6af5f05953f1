// LIFE-02, 03, 07: configurations, and a host that has next to nothing.
#include <algorithm>
#include <memory>
#include <vector>

#include "base/utf8.hpp"
#include "checks/lifecycle.hpp"
#include "drive/bare.hpp"
#include "drive/greet.hpp"
#include "drive/material.hpp"
#include "drive/play.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {
namespace {

/// Options are not among it: the host has checked them against the schema, and a plugin may count on that.
struct BadConfiguration {
  const char* words;
  std::string base_url;
};

std::vector<BadConfiguration> bad_configurations() {
  return {
      {"an empty base_url", ""},
      {"the base_url \"not an address\"", "not an address"},
      {"the base_url \"ftp://files.example/v1\"", "ftp://files.example/v1"},
      {"a base_url with a line break in it", "https://api.example/v1\r\nx-evil: 1"},
      {"a base_url of 1 MiB", "https://api.example/" + std::string(1u << 20, 'a')},
  };
}

/// One refusal or acceptance of create(), judged. True: it was refused.
bool refused(const Case& c, const Subject& plugin, const Material& good, const BadConfiguration& bad) {
  const Lent lent(good.tape, {.base_url = bad.base_url});
  belay_instance* const untouched = reinterpret_cast<belay_instance*>(std::uintptr_t{0xB31A});   // never looked into
  belay_instance* out = untouched;
  ErrorRoom error;
  belay_status status = BELAY_OK;
  {
    const TestHost::Inside inside(Where::control, "create");
    status = plugin.api->create(lent.config(), &out, &error.error);
  }
  const std::string where = std::string(" for ") + bad.words;
  if (status >= 0) {
    c.require(out != untouched && out != nullptr, "create() that answers OK sets *out", "status " + std::to_string(status) + " and no instance" + where);
    const TestHost::Inside inside(Where::control, "destroy");
    plugin.api->destroy(out);
    return false;
  }
  c.require(out == untouched, "*out stays as it was when create() refuses", "status " + std::to_string(status) + ", but *out was written" + where);
  const std::string text = error.text();
  c.require(!text.empty(), "a refusal says why", "status " + std::to_string(status) + " without a text" + where);
  c.require(valid_utf8(text), "a refusal's text is UTF-8", printable(text) + where);
  if (status == BELAY_ERR_CONFIG)
    c.require(text.find("base_url") != std::string::npos, "the text names the key `base_url`", "\"" + printable(text) + "\"" + where);
  return true;
}

}  // namespace

/// Catches: *out written before the configuration is judged; a refusal without a text.
void bad_configurations_are_refused(Case& c) {
  const Subject& plugin = c.plugin();
  const Materials materials = material(c, plugin);
  int count = 0;
  for (const BadConfiguration& bad : bad_configurations()) {
    c.doing(std::string("create() with ") + bad.words);
    if (!refused(c, plugin, *materials.front(), bad)) continue;
    ++count;
    BareAccount(c, plugin, materials.front()->lent);
  }
  c.measured("refused", std::to_string(count) + " of " + std::to_string(bad_configurations().size()));
  if (count == 0) c.not_applicable("it takes every configuration");
}

namespace {

/// What an instance does with a request: what it writes, or what its own transport answers.
std::string doings(const Subject& plugin, belay_instance* instance, const Material& one) {
  BareExchange exchange(plugin, instance, one.lent);
  if (!exchange.begun()) return "begin() answered " + std::to_string(exchange.begin_status);
  if (plugin.own_transport()) {
    EventTape tape(one.tape, EventTape::Keep::transcript);
    const belay_status status = exchange.run(tape, nullptr);
    return tape.transcript + "\nstatus " + std::to_string(status);
  }
  RequestTape tape;
  const belay_status status = exchange.build(tape.writer());
  return tape.text() + "\nstatus " + std::to_string(status);
}

}  // namespace

/// Catches: configuration in a static variable.
void instances_do_not_share(Case& c) {
  constexpr std::size_t count = 16;
  const Subject& plugin = c.plugin();
  const Materials recorded = whole_replies(c, plugin);
  std::vector<std::unique_ptr<Material>> each;
  std::vector<std::string> alone;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    const Cassette& tape = recorded[i % recorded.size()]->tape;
    const LentChanges own{.base_url = tape.base_url.empty() ? std::string() : tape.base_url + "/tenant-" + number,
                          .options = std::nullopt,
                          .model = "model-" + number,
                          .name = "account-" + number,
                          .body = std::nullopt,
                          .secret = "sk-of-tenant-" + number};
    each.push_back(std::make_unique<Material>(tape, own));
    const BareAccount account(c, plugin, each.back()->lent);
    alone.push_back(doings(plugin, account.get(), *each.back()));
  }
  std::vector<std::unique_ptr<BareAccount>> accounts;
  for (const auto& one : each) accounts.push_back(std::make_unique<BareAccount>(c, plugin, one->lent));
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), c.random());
  for (const std::size_t i : order) {
    c.doing("instance " + std::to_string(i) + " among " + std::to_string(count));
    const std::string together = doings(plugin, accounts[i]->get(), *each[i]);
    c.require(together == alone[i], "instance " + std::to_string(i) + " does among others what it does alone: " + printable(alone[i]).substr(0, 200),
              printable(together).substr(0, 200));
  }
}

/// Catches: a call through the NULL that get_extension() gave.
void host_services_may_be_absent(Case& c) {
  Subject plugin;
  c.doing("entry in a host without services");
  plugin.host.absent = {"belay.json/1", "belay.http/1", "belay.secret/1", "belay.state/1", "belay.random/1", "belay.refresh/1"};
  greet(c, plugin, plugin.host.hello());
  Cassette plain = plugin.cassettes.empty() ? invented(plugin, false) : plugin.cassettes.front();
  const Lent lent(plain);
  belay_instance* instance = nullptr;
  ErrorRoom error;
  {
    c.doing("create() in a host without services");
    const TestHost::Inside inside(Where::control, "create");
    if (plugin.api->create(lent.config(), &instance, &error.error) < 0) {
      c.require(!error.text().empty(), "create() says which service it misses", "it refused without a text");
      return;
    }
  }
  for (const Cassette& recorded : plugin.cassettes) {
    if (recorded.refresh && !recorded.reply) continue;
    c.doing("the exchange " + recorded.name + " in a host without services");
    const Lent own(recorded);
    EventTape tape(recorded, EventTape::Keep::numbers);
    play_bare(plugin, instance, own, recorded.reply.value_or(CassetteReply{}), tape);
  }
  for (const CassetteReply& reply : failures(plugin)) {
    c.doing("classify_error() in a host without services");
    const LentFailure failure(reply);
    ClassificationRoom room;
    const TestHost::Inside inside(Where::any, "classify_error");
    plugin.api->classify_error(instance, failure.get(), &room.out);
  }
  for (const Cassette* recorded : refreshes(plugin)) {
    c.doing("the refresh " + recorded->name + " in a host without services");
    const Refreshed answer = refresh(plugin, instance, *recorded);
    c.require(answer.status < 0 || answer.out.outcome != BELAY_REFRESHED || !answer.emitted.empty(), "a refresh without services refreshes nothing",
              "it answered REFRESHED and emitted no field");
  }
  const TestHost::Inside inside(Where::control, "destroy");
  plugin.api->destroy(instance);
}

}  // namespace belay::conform
