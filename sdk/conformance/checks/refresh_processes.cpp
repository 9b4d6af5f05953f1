// AUTH-08: two processes that share a state folder, the real host's credential store in both, and one token endpoint between them that rotates and counts.
#include <poll.h>

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "checks/refresh.hpp"
#include "drive/forked.hpp"
#include "drive/shared_login.hpp"
#include "run/child.hpp"

namespace belay::conform {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds patience{12'000};

// What is said on the line, each a packed list whose first word says what it is:
//   child:  "ready" | "asked" | "request" METHOD URL BODY (NAME VALUE)* | "done" OUTCOME GENERATION SECRET MESSAGE | "threw" TEXT
//   parent: "refresh" | "reply" STATUS BODY (NAME VALUE)* | end of the line: the child ends

/// A child's end of the line. The hook runs on a worker of the store, the rest on the main thread; only one of them listens at a time.
class Mouth {
 public:
  explicit Mouth(Line& line) : line_(line) {}
  bool say(const std::vector<std::string>& words) {
    const std::lock_guard lock(guard_);
    return line_.say(packed(words));
  }
  [[nodiscard]] std::optional<std::string> hear() const { return line_.hear(patience); }

 private:
  Line& line_;
  std::mutex guard_;
};

CassetteReply ask_parent(Mouth& parent, const NetworkRequest& request) {
  std::vector<std::string> question{"request", request.method, request.url, request.body};
  for (const auto& [name, value] : request.headers) {
    question.push_back(name);
    question.push_back(value);
  }
  if (!parent.say(question)) return no_reply();
  const auto heard = parent.hear();
  const auto words = heard ? unpacked(*heard) : std::vector<std::string>();
  if (words.size() < 3 || words[0] != "reply") return no_reply();
  CassetteReply reply{.status = std::stoi(words[1]), .headers = {}, .body = words[2], .truncated = false};
  for (std::size_t i = 3; i + 1 < words.size(); i += 2) reply.headers.emplace_back(words[i], words[i + 1]);
  return reply;
}

/// One of the two processes.
void live(Case& test, Subject& plugin, const Login& login, const std::string& folder, Line& line) {
  Mouth parent(line);
  plugin.host.ticking = true;   // what one process stores the other reads by the machine's clock
  plugin.host.network = [&](const NetworkRequest& request) { return ask_parent(parent, request); };
  const Account account(test, plugin, login.tape);
  SharedLogin shared(plugin, account.get(), login, folder);
  const auto begin = shared.now();
  if (begin.secret.empty()) {
    parent.say({"threw", "the store has no secret: " + begin.trouble});
    return;
  }
  parent.say({"ready"});
  while (parent.hear()) {
    const auto done = shared.refresh(shared.now().generation, [&] { parent.say({"asked"}); });
    parent.say({"done", done.outcome, std::to_string(done.after.generation), done.after.secret, done.message});
  }
}

struct Result {
  std::string outcome, secret, message;
  std::uint64_t generation = 0;
};

/// Both processes and the token endpoint.
class Pair {
 public:
  Pair(Case& test, Subject& plugin, const Login& login, TokenEndpoint& endpoint, const std::string& folder) : test_(test), login_(login), endpoint_(endpoint) {
    for (auto& process : processes_) {
      process = std::make_unique<Forked>([&](Line& parent) { live(test, plugin, login, folder, parent); });
      const auto words = heard_from(*process);
      if (words[0] != "ready") trouble("it did not begin: " + (words.size() > 1 ? words[1] : words[0]));
    }
  }

  /// These processes refresh at the same time: each next one asks while the one before has a request under way, which is answered once all have asked. So it
  /// is the same process each time that leads.
  std::map<int, Result> refresh(const std::vector<int>& who) {
    endpoint_.begin();
    results_.clear();
    asked_ = 0;
    std::size_t begun = 0;
    const auto until = std::chrono::steady_clock::now() + patience;
    while (results_.size() < who.size()) {
      if (begun < who.size() && (begun == 0 || !waiting_.empty() || !results_.empty())) processes_[who[begun++]]->line().say(packed({"refresh"}));
      if (asked_ == who.size()) answer_waiting();
      std::array<pollfd, 2> lines{{{processes_[0]->line().fd(), POLLIN, 0}, {processes_[1]->line().fd(), POLLIN, 0}}};
      const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now()).count();
      if (left <= 0 || ::poll(lines.data(), lines.size(), static_cast<int>(left)) <= 0) trouble("a refresh did not end within 12 s");
      for (int i = 0; i < 2; ++i) {
        if (lines[i].revents != 0) take(i, heard_from(*processes_[i]));
      }
    }
    return results_;
  }

 private:
  std::vector<std::string> heard_from(Forked& process) {
    const auto heard = process.line().hear(patience);
    if (!heard) trouble("a process ended: " + process.end(milliseconds(500)));
    auto words = unpacked(*heard);
    if (words.empty()) trouble("a process said nothing");
    return words;
  }

  void take(int from, std::vector<std::string> words) {
    if (words[0] == "asked") {
      ++asked_;
    } else if (words[0] == "request" && words.size() >= 4) {
      waiting_.emplace_back(from, std::move(words));
    } else if (words[0] == "done" && words.size() == 5) {
      results_[from] = {words[1], words[3], words[4], std::stoull(words[2])};
    } else {
      trouble(words.size() > 1 ? words[1] : words[0]);
    }
  }

  void answer_waiting() {
    for (auto& [from, words] : waiting_) {
      NetworkRequest request{words[1], words[2], words[3], {}};
      for (std::size_t i = 4; i + 1 < words.size(); i += 2) request.headers.emplace_back(words[i], words[i + 1]);
      const CassetteReply reply = endpoint_(request);
      std::vector<std::string> answer{"reply", std::to_string(reply.status), reply.body};
      for (const auto& [name, value] : reply.headers) {
        answer.push_back(name);
        answer.push_back(value);
      }
      processes_[from]->line().say(packed(answer));
    }
    waiting_.clear();
  }

  [[noreturn]] void trouble(const std::string& what) const { test_.fail("two processes that refresh one login both come back with it renewed", login_.name + ": " + what); }

  Case& test_;
  const Login& login_;
  TokenEndpoint& endpoint_;
  std::array<std::unique_ptr<Forked>, 2> processes_;
  std::vector<std::pair<int, std::vector<std::string>>> waiting_;
  std::map<int, Result> results_;
  std::size_t asked_ = 0;
};

void require_agreement(const Trial& trial, const std::map<int, Result>& results, std::uint64_t generation, std::string_view when) {
  for (const auto& [process, result] : results) {
    const std::string who = trial.login.name + ", " + std::string(when) + ", process " + (process == 0 ? "A" : "B") + ": ";
    if (result.outcome != "refreshed") trial.test.fail("REFRESHED in both processes", who + result.outcome + (result.message.empty() ? "" : ", \"" + result.message + "\""));
    if (result.generation != generation) trial.test.fail("generation " + std::to_string(generation) + " in both", who + "generation " + std::to_string(result.generation));
    const std::string wanted = trial.login.generic ? trial.tokens.access(trial.endpoint.generation()) : trial.login.tape.refresh->emits.at("secret");
    if (result.secret != wanted) trial.test.fail("the secret that the token endpoint gave, in both", who + "another secret");
  }
}

void require_requests(const Trial& trial, std::size_t wanted, std::string_view when) {
  const std::string who = trial.login.name + ", " + std::string(when) + ": ";
  if (trial.endpoint.requests() != wanted)
    trial.test.fail(std::to_string(wanted) + " request(s) to the token endpoint, whoever made them", who + std::to_string(trial.endpoint.requests()));
  if (trial.endpoint.refused() != 0) trial.test.fail("only the refresh token that is good now is presented", who + "a spent one was");
}

void two_processes(Trial& trial) {
  if (field_of(trial.login.tape, "refresh_token").empty() || trial.login.tape.refresh->emits.count("secret") == 0) return;
  Pair pair(trial.test, trial.plugin, trial.login, trial.endpoint, trial.test.setup.temp + "/shared-" + trial.login.tape.name);
  const std::size_t steps = trial.endpoint.steps();
  require_agreement(trial, pair.refresh({0, 1}), 2, "both at once");
  require_requests(trial, steps, "both at once");
  if (!trial.login.generic) return;   // a recording does not rotate further
  // In turn: each meets a credential that the other has renewed in the meantime.
  std::uint64_t generation = 2;
  for (const int who : {0, 1, 0, 1}) {
    const std::string when = "in turn, refresh number " + std::to_string(generation);
    require_agreement(trial, pair.refresh({who}), ++generation, when);
    require_requests(trial, steps * (generation - 1), when);
  }
}

}  // namespace

void auth_08(Case& test) { each_login(test, two_processes); }

}  // namespace belay::conform
