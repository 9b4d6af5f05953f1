// AUTH-11: a refresh that ends in the middle, of its process or of the host's patience.
#include <unistd.h>

#include <string>

#include "checks/refresh.hpp"
#include "drive/forked.hpp"
#include "drive/hook_call.hpp"

namespace belay::conform {
namespace {

/// Where the process dies: when the request number `request` is with the server, or when field number `field` is being emitted.
struct Death {
  std::optional<std::size_t> request, field;
  [[nodiscard]] std::string words() const {
    if (request) return "with request " + std::to_string(*request + 1) + " under way";
    return "between the token endpoint's reply and its return (field " + std::to_string(*field + 1) + " was being emitted)";
  }
};

std::string notes_of(const TestHost& host) {
  std::vector<std::string> texts;
  for (const auto& [key, value] : host.state) {
    texts.push_back(key);
    texts.push_back(value);
  }
  return packed(texts);
}

/// Runs the hook in a process that dies as it is told; what that process noted with belay.state/1 outlives it. False: it did not come that far.
bool die(Trial& trial, const Death& death) {
  auto& host = trial.plugin.host;
  Forked process([&](Line& parent) {
    const auto end = [&] {
      parent.say(notes_of(host));
      ::_exit(7);
    };
    const Account account(trial.test, trial.plugin, trial.login.tape);
    trial.endpoint.behave();
    if (death.request) {
      trial.endpoint.answer(*death.request, [&](const NetworkRequest&) {
        end();
        return no_reply();
      });
    }
    call_hook(trial.plugin, account.get(), trial.login.tape, [&](std::size_t index, std::string_view, std::string_view) {
      if (death.field && index == *death.field) end();
      return BELAY_OK;
    });
  });
  const auto notes = process.line().hear(std::chrono::seconds(8));
  if (process.end() != "exit status 7" || !notes) return false;
  const auto texts = unpacked(*notes);
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) host.state[texts[i]] = texts[i + 1];
  return true;
}

/// The next process, with the credential as it was: it must be good for an exchange, and for another refresh.
void require_usable(Trial& trial, const Death& death) {
  const Cassette& old = trial.login.tape;
  const std::string after = "a process that died " + death.words();
  Account next(trial.test, trial.plugin, old);
  if (!trial.plugin.own_transport()) {
    const Played played = play(trial.plugin, next.get(), exchange_with(trial.test, trial.plugin, old));
    if (played.begin != BELAY_OK || played.build != BELAY_OK)
      trial.test.fail("an exchange with the old credential after " + after, trial.login.name + ": it was refused with " + std::to_string(std::min(played.begin, played.build)) + " " + played.error);
  }
  trial.endpoint.behave();   // this server had not rotated
  const Refreshed got = refresh(trial.plugin, next.get(), old);
  if (outcome_of(got) != BELAY_REFRESHED)
    trial.test.fail("REFRESHED when the old credential is tried again after " + after, trial.login.name + ": " + told(got));
}

void killed(Trial& trial) {
  for (std::size_t request = 0; request < trial.endpoint.steps(); ++request) {
    const Death death{request, std::nullopt};
    if (!die(trial, death)) trial.test.fail("the hook makes its requests through belay.http/1", trial.login.name + ": it never made request " + std::to_string(request + 1));
    require_usable(trial, death);
    trial.endpoint.rotated_to(1);
    trial.plugin.host.state.clear();
  }
  const std::size_t fields = trial.login.tape.refresh->emits.size();
  for (std::size_t field = 0; field < fields; ++field) {
    const Death death{std::nullopt, field};
    if (!die(trial, death)) break;   // it emits fewer: AUTH-01's business
    require_usable(trial, death);
    trial.endpoint.rotated_to(1);
    trial.plugin.host.state.clear();
  }
}

/// A host that can't take a field can't make it durable: whatever the plugin has, it may not say that it is done.
void refused(Trial& trial) {
  for (const belay_status answer : {BELAY_STOP, BELAY_ERR_CONTRACT}) {
    for (std::size_t at = 0; at < trial.login.tape.refresh->emits.size(); ++at) {
      trial.endpoint.behave();
      trial.endpoint.rotated_to(1);
      const Refreshed got = call_hook(trial.plugin, trial.account.get(), trial.login.tape,
                                      [&](std::size_t index, std::string_view, std::string_view) { return index == at ? answer : BELAY_OK; });
      if (got.emitted.size() <= at || outcome_of(got) != BELAY_REFRESHED) continue;
      trial.test.fail("another outcome than REFRESHED when the sink did not take field " + std::to_string(at + 1) + " (" + (answer == BELAY_STOP ? "STOP" : "CONTRACT") + ")",
                      trial.login.name + ": " + told(got));
    }
  }
  trial.endpoint.rotated_to(1);
}

}  // namespace

void auth_11(Case& test) {
  each_login(test, [](Trial& trial) {
    killed(trial);
    refused(trial);
  });
}

}  // namespace belay::conform
