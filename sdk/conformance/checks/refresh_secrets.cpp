// AUTH-10: where no secret may be found after refreshes of every kind.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "checks/refresh.hpp"
#include "run/child.hpp"

extern char** environ;

namespace belay::conform {
namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Looks everywhere a secret has no business. `when` is what was done just now.
class Searcher {
 public:
  Searcher(const Trial& trial, const Leaks& leaks) : trial_(trial), leaks_(leaks) {}

  void look(const Refreshed& got, const std::string& when) const {
    none_in(got.error, "the error text", when);
    for (const CassetteField& field : got.emitted) {
      none_in(field.name, "the name of an emitted field", when);
      if (!field.secret) none_in(field.value, "the field \"" + field.name + "\", which is emitted without BELAY_SECRET", when);
    }
    for (const NetworkRequest& request : trial_.endpoint.seen()) none_in(request.url, "a URL", when);
    const auto& host = trial_.plugin.host;
    const std::lock_guard lock(host.guard);
    for (const LoggedLine& line : host.log) none_in(line.text, "a log line", when);
    for (const auto& [key, value] : host.state) none_in(key + "=" + value, "a note of belay.state/1 (\"" + key + "\")", when);
  }

  void look_at_process(const std::string& folder) const {
    none_in(content_of("/proc/self/cmdline"), "the arguments of the process", "all of it");
    none_in(content_of("/proc/self/comm"), "the name of the process", "all of it");
    none_in(content_of("/proc/self/environ"), "the environment", "all of it");
    for (char** one = environ; one != nullptr && *one != nullptr; ++one) none_in(*one, "the environment", "all of it");
    std::error_code ignored;
    for (std::filesystem::recursive_directory_iterator at(folder, ignored), end; at != end; at.increment(ignored)) {
      none_in(at->path().filename().string(), "the name of a file", "all of it");
      if (at->is_regular_file(ignored)) none_in(content_of(at->path()), "a file (" + at->path().filename().string() + ")", "all of it");
    }
  }

  void look_at_events(const Played& played) const {
    for (const SeenEvent& event : played.events) {
      none_in(event.a, "an event", "an exchange with the new secret");
      none_in(event.b, "an event", "an exchange with the new secret");
    }
    none_in(played.sent.url, "the URL of an exchange", "the refresh");
  }

 private:
  void none_in(const std::string& text, const std::string& where, const std::string& when) const {
    if (leaks_.in(text)) trial_.test.fail("no secret in " + where, trial_.login.name + ": one was there after " + when);
  }

  const Trial& trial_;
  const Leaks& leaks_;
};

/// Replies that hold tokens and are of no use: what a plugin is tempted to quote.
std::vector<std::pair<std::string, CassetteReply>> quotable(const Tokens& tokens) {
  const std::string access = tokens.access(2), refresh = tokens.refresh(2);
  return {{"a reply cut after its token", json_reply(200, R"({"access_token":")" + access + R"(","refresh_token":")" + refresh + "\"")},
          {"a token under another name", json_reply(200, R"({"token":")" + access + "\"}")},
          {"a token in an array", json_reply(200, R"({"access_token":[")" + access + "\"]}")},
          {"an error object beside a token", json_reply(500, R"({"error":{"message":"no"},"access_token":")" + access + "\"}")},
          {"a page with a token", {.status = 200, .headers = {{"content-type", "text/html"}}, .body = "<html>" + access + "</html>", .truncated = false}},
          {"a redirect with a token", {.status = 302, .headers = {{"location", "https://elsewhere.example/?access_token=" + access}}, .body = access, .truncated = false}},
          {"401 with a token", json_reply(401, R"({"error":"invalid_client","refresh_token":")" + refresh + "\"}")}};
}

void search(Trial& trial) {
  Leaks leaks;
  leaks.add(trial.login);
  if (trial.login.generic) {
    for (int generation = 1; generation <= 3; ++generation) {
      leaks.add(trial.tokens.access(generation));
      leaks.add(trial.tokens.refresh(generation));
    }
    leaks.add(trial.tokens.client_secret());
  }
  const Searcher searcher(trial, leaks);
  const Refreshed good = trial.run();
  require_outcome(trial, good, BELAY_REFRESHED, "a good reply of the token endpoint");
  searcher.look(good, "a refresh that worked");
  const std::vector<std::pair<std::string, CassetteReply>> failures{
      {"a refused refresh", oauth_error(400, "invalid_grant")}, {"503", json_reply(503, "")}, {"no reply", no_reply()}, {"an interactive refusal", oauth_error(400, "login_required")}};
  const auto try_all = [&](const auto& replies) {
    for (const auto& [when, reply] : replies) {
      trial.test.doing("AUTH-10: " + trial.login.name + ", " + when);
      trial.endpoint.behave();
      trial.endpoint.answer(trial.endpoint.steps() - 1, reply);
      searcher.look(trial.run(), when);
    }
  };
  try_all(failures);
  if (trial.login.generic) try_all(quotable(trial.tokens));
  trial.endpoint.behave();
  if (!trial.plugin.own_transport()) {
    const Cassette exchange = exchange_with(trial.test, trial.plugin, renewed(trial.login.tape, good));
    searcher.look_at_events(play(trial.plugin, trial.account.get(), exchange));
  }
  searcher.look_at_process(trial.test.setup.temp);
}

}  // namespace

void auth_10(Case& test) { each_login(test, search); }

}  // namespace belay::conform
