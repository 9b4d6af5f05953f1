// One check in its own process: what the tool makes of children that end in every way but the right one. This program is both sides: started with --child it
// misbehaves as its errand says.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "run/crash_signals.hpp"
#include "run/crumb.hpp"
#include "run/runner.hpp"
#include "run/sanitized.hpp"
#include "run/setup.hpp"
#include "run/syscall_filter.hpp"
#include "run/verdict.hpp"

namespace belay::conform {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// ---- the child

Outcome passed() {
  Outcome out;
  out.status = Status::pass;
  return out;
}

void write_record(const std::string& record) {
  if (write(verdict_fd, record.data(), record.size()) < 0) _exit(99);
}

void write_verdict(SealedKey& key) { write_record(seal(passed(), key.open())); }

/// A process of its own session that outlives its parent. Says through a pipe that it has left the session.
void linger() {
  int ready[2];
  if (pipe(ready) != 0) _exit(99);
  if (fork() == 0) {
    setsid();
    std::signal(SIGTERM, SIG_IGN);
    if (write(ready[1], "x", 1) < 0) _exit(99);
    for (;;) pause();
  }
  char one;
  if (read(ready[0], &one, 1) != 1) _exit(99);
}

using Deed = void (*)(SealedKey&);

const std::map<std::string, Deed>& deeds() {
  static const std::map<std::string, Deed> all = {
      {"good", [](SealedKey& key) { write_verdict(key); }},
      {"exit 0", [](SealedKey&) { std::exit(0); }},
      {"exit 3 after the verdict",
       [](SealedKey& key) {
         write_verdict(key);
         _exit(3);
       }},
      {"forged with another key",
       [](SealedKey&) {
         const VerdictKey key{};
         write_record(seal(passed(), {key.data(), key.size()}));
       }},
      {"says crash itself",
       [](SealedKey& key) {
         Outcome outcome;
         outcome.status = Status::crash;
         write_record(seal(outcome, key.open()));
       }},
      {"verdict twice",
       [](SealedKey& key) {
         write_verdict(key);
         write_verdict(key);
       }},
      {"garbage everywhere",
       [](SealedKey& key) {
         for (int fd = 0; fd < 512; ++fd) {
           if (write(fd, "belay-verdict/1 pass", 20) < 0) errno = 0;
         }
         write_verdict(key);
       }},
      {"closes everything",
       [](SealedKey& key) {
         for (int fd = 0; fd < 512; ++fd) close(fd);
         if (write(verdict_fd, seal(passed(), key.open()).data(), 1) < 0) _exit(0);
       }},
      {"reads the key",
       [](SealedKey& key) {
         volatile const char* page = static_cast<const char*>(key.address());
         _exit(page[0] == 0 ? 0 : 1);
       }},
      {"segv", [](SealedKey&) {
         note_doing("SUPERVISION: the last thing");
         raise(SIGSEGV);
       }},
      {"abort with words",
       [](SealedKey&) {
         if (write(2, "last words\n", 11) < 0) _exit(99);
         std::abort();
       }},
      {"hang",
       [](SealedKey&) {
         for (;;) pause();
       }},
      {"hang deaf",
       [](SealedKey&) {
         for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_IGN);
         for (;;) pause();
       }},
      {"stops itself", [](SealedKey&) { raise(SIGSTOP); }},
      {"lingers and passes",
       [](SealedKey& key) {
         linger();
         write_verdict(key);
       }},
      {"lingers and hangs",
       [](SealedKey&) {
         linger();
         for (;;) pause();
       }},
      {"kills its parent", [](SealedKey&) { kill(getppid(), SIGKILL); }},
      {"kills its parent's group", [](SealedKey&) { kill(-getpgid(getppid()), SIGKILL); }},
      {"kills everybody", [](SealedKey&) { kill(-1, SIGKILL); }},
      {"kills its own group", [](SealedKey&) { kill(0, SIGKILL); }},
      {"makes a socket", [](SealedKey&) { socket(AF_INET, SOCK_STREAM, 0); }},
      {"opens a file to write behind the filter",
       [](SealedKey&) {
         if (!install_filter(forbidden_to_plugins())) _exit(99);
         open("made.txt", O_CREAT | O_WRONLY, 0600);
       }},
      {"opens a file to read behind the filter",
       [](SealedKey& key) {
         if (!install_filter(forbidden_to_plugins())) _exit(99);
         close(open("/dev/null", O_RDONLY));
         write_verdict(key);
       }},
      {"takes 100 GiB",
       [](SealedKey& key) {
         if (mmap(nullptr, std::size_t{100} << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) write_verdict(key);
       }},
      {"looks at its world",
       [](SealedKey& key) {
         Outcome out = passed();
         struct rlimit core {};
         getrlimit(RLIMIT_CORE, &core);
         char here[4096];
         out.measured = {{"home", std::getenv("HOME") == nullptr ? "" : std::getenv("HOME")},
                         {"here", getcwd(here, sizeof here) == nullptr ? "" : here},
                         {"secret", std::getenv("SUPERVISION_SECRET") == nullptr ? "" : std::getenv("SUPERVISION_SECRET")},
                         {"own session", getsid(0) == getpid() ? "yes" : "no"},
                         {"core", std::to_string(core.rlim_cur)}};
         std::string fds;
         for (int fd = 0; fd < 512; ++fd) {
           if (fcntl(fd, F_GETFD) >= 0) fds += std::to_string(fd) + " ";
         }
         out.measured.emplace_back("descriptors", fds);
         std::ofstream("left-behind.txt") << "x";
         write_record(seal(out, key.open()));
       }},
  };
  return all;
}

[[noreturn]] void misbehave() {
  SealedKey key(setup_fd);
  std::string bytes;
  char piece[4096];
  for (ssize_t got = 0; (got = read(setup_fd, piece, sizeof piece)) > 0;) bytes.append(piece, static_cast<std::size_t>(got));
  close(setup_fd);
  const auto errand = unpack(bytes);
  if (!errand) _exit(98);
  lay_crumbs_in(crumb_fd);
  tell_crashes(crumb_fd);
  report_trapped_calls();
  deeds().at(errand->check)(key);
  _exit(0);
}

// ---- the tool

class Supervision : public testing::Test {
 protected:
  Supervision() {
    std::string path = std::filesystem::canonical(testing::TempDir()).string() + "/supervision-XXXXXX";
    folder_ = mkdtemp(path.data());
    plan_.folder = folder_;
    become_the_tool();
  }
  ~Supervision() override { std::filesystem::remove_all(folder_); }

  Outcome outcome_of(const std::string& deed, std::chrono::seconds limit = std::chrono::seconds(20)) {
    const Check check{.id = deed, .group = Group::load, .severity = Severity::must, .title = "", .rules = "", .explain = "", .run = nullptr, .limit = limit};
    return run_one(check, plan_);
  }
  /// No child of this process is left, and nothing in its folder.
  void expect_clean() const {
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
    EXPECT_TRUE(std::filesystem::is_empty(folder_));
  }

  std::string folder_;
  RunPlan plan_;
};

std::string told(const Outcome& outcome) { return std::string(to_string(outcome.status)) + ": " + outcome.observed; }

TEST_F(Supervision, VerdictWithItsSealIsTaken) {
  EXPECT_EQ(told(outcome_of("good")), "pass: ");
  expect_clean();
}

TEST_F(Supervision, LeavingWithoutAVerdictIsNoPass) {
  EXPECT_THAT(told(outcome_of("exit 0")), AllOf(HasSubstr("crash: "), HasSubstr("exit code 0")));
  EXPECT_THAT(told(outcome_of("exit 3 after the verdict")), AllOf(HasSubstr("crash: "), HasSubstr("exit code 3")));
  EXPECT_THAT(told(outcome_of("closes everything")), HasSubstr("crash: "));
}

TEST_F(Supervision, ForgedVerdictsAreRefused) {
  EXPECT_THAT(told(outcome_of("forged with another key")), AllOf(HasSubstr("crash: "), HasSubstr("seal")));
  EXPECT_THAT(told(outcome_of("verdict twice")), HasSubstr("crash: "));
  EXPECT_THAT(told(outcome_of("garbage everywhere")), HasSubstr("crash: "));
  EXPECT_THAT(told(outcome_of("says crash itself")), AllOf(HasSubstr("crash: "), HasSubstr("without a status")));
}

TEST_F(Supervision, KeyCanNotBeReadBeforeTheEnd) {
  const Outcome outcome = outcome_of("reads the key");

  EXPECT_EQ(outcome.status, Status::crash);
  if (sanitized()) return;  // it makes an exit of the signal
  EXPECT_EQ(outcome.observed, "killed by SIGSEGV");
}

TEST_F(Supervision, CrashSaysWhereAndWhileWhat) {
  const Outcome outcome = outcome_of("segv");

  EXPECT_EQ(outcome.status, Status::crash);
  EXPECT_EQ(outcome.doing, "SUPERVISION: the last thing");
  if (sanitized()) return;  // its own report stands in the output
  EXPECT_EQ(outcome.observed, "killed by SIGSEGV");
  EXPECT_THAT(outcome.backtrace, HasSubstr("gsignal"));
}

TEST_F(Supervision, LastWordsAreKept) {
  const Outcome outcome = outcome_of("abort with words");

  EXPECT_EQ(outcome.status, Status::crash);
  EXPECT_THAT(outcome.output, HasSubstr("last words\n"));
}

TEST_F(Supervision, HangIsEndedAndSaysWhere) {
  const Outcome outcome = outcome_of("hang", std::chrono::seconds(1));

  EXPECT_EQ(outcome.status, Status::hang);
  EXPECT_THAT(outcome.backtrace, HasSubstr("pause"));
  expect_clean();
}

TEST_F(Supervision, HangThatHearsNoSignalIsKilled) {
  EXPECT_EQ(outcome_of("hang deaf", std::chrono::seconds(1)).status, Status::hang);
  expect_clean();
}

TEST_F(Supervision, StoppedChildIsKilled) {
  EXPECT_EQ(outcome_of("stops itself", std::chrono::seconds(1)).status, Status::hang);
  expect_clean();
}

TEST_F(Supervision, ProcessLeftBehindIsFoundInItsOwnSession) {
  const Outcome passing = outcome_of("lingers and passes");

  EXPECT_EQ(told(passing), "leaked: 1 process was left running behind the check");
  expect_clean();
  const Outcome hanging = outcome_of("lingers and hangs", std::chrono::seconds(1));
  EXPECT_THAT(told(hanging), AllOf(HasSubstr("hang: "), HasSubstr("1 process was left")));
  expect_clean();
}

TEST_F(Supervision, NobodyElseCanBeKilled) {
  for (const char* deed : {"kills its parent", "kills its parent's group", "kills everybody"}) {
    const Outcome outcome = outcome_of(deed);
    EXPECT_EQ(told(outcome), "crash: killed by SIGSYS: it signalled or traced the tool that tests it") << deed;
  }
  EXPECT_EQ(told(outcome_of("kills its own group")), "crash: killed by SIGKILL");
  expect_clean();
}

TEST_F(Supervision, ForbiddenCallsAreNamed) {
  EXPECT_EQ(told(outcome_of("makes a socket")), "fail: it called socket");
  EXPECT_EQ(told(outcome_of("opens a file to read behind the filter")), "pass: ");
  if (sanitized()) return;  // its runtime calls more than the filter lets through
  EXPECT_EQ(told(outcome_of("opens a file to write behind the filter")), "fail: it called openat for writing");
}

TEST_F(Supervision, MemoryHasALimit) {
  if (sanitized()) GTEST_SKIP() << "a sanitizer needs address space without end";
  EXPECT_EQ(told(outcome_of("takes 100 GiB")), "pass: ");
}

TEST_F(Supervision, ChildHasAWorldOfItsOwn) {
  setenv("SUPERVISION_SECRET", "sk-of-the-caller", 1);
  const Outcome outcome = outcome_of("looks at its world");
  unsetenv("SUPERVISION_SECRET");

  ASSERT_EQ(told(outcome), "pass: ");
  std::map<std::string, std::string> seen(outcome.measured.begin(), outcome.measured.end());
  EXPECT_THAT(seen["home"], testing::StartsWith(folder_ + "/"));
  EXPECT_EQ(seen["here"], seen["home"]);
  EXPECT_EQ(seen["secret"], "");
  EXPECT_EQ(seen["own session"], "yes");
  EXPECT_EQ(seen["core"], "0");
  EXPECT_EQ(seen["descriptors"], "0 1 2 201 202 ");
  expect_clean();
}

TEST_F(Supervision, ManyAtATimeAreToldInOrder) {
  std::vector<Check> checks;
  for (const char* deed : {"hang", "good", "segv", "good", "kills its parent", "good"})
    checks.push_back({.id = deed, .group = Group::load, .severity = Severity::must, .title = "", .rules = "", .explain = "", .run = nullptr, .limit = std::chrono::seconds(1)});
  for (auto& check : checks) {
    if (check.id != "hang") check.limit = std::chrono::seconds(20);
  }
  std::vector<const Check*> pointers;
  for (const auto& check : checks) pointers.push_back(&check);
  plan_.jobs = 4;
  std::vector<std::string> seen;

  EXPECT_TRUE(run_checks(pointers, plan_, [&seen](const Check& check, const Outcome& outcome) {
    seen.push_back(std::string(check.id) + " " + std::string(to_string(outcome.status)));
  }));

  EXPECT_THAT(seen, testing::ElementsAre("hang hang", "good pass", "segv crash", "good pass", "kills its parent crash", "good pass"));
  expect_clean();
}

TEST(Verdict, IsTakenBackAsItWasGiven) {
  const VerdictKey key = draw_key();
  Outcome outcome;
  outcome.status = Status::leaked;
  outcome.expected = "a \"b\"";
  outcome.observed = "c\nd";
  outcome.measured = {{"x", "1"}};
  outcome.output = "o";
  outcome.backtrace = "b";
  outcome.took = std::chrono::milliseconds(5);
  const std::string record = seal(outcome, {key.data(), key.size()});

  const auto back = unseal(record, key, Speaker::supervisor);

  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->status, Status::leaked);
  EXPECT_EQ(back->expected, "a \"b\"");
  EXPECT_EQ(back->observed, "c\\x0ad");
  EXPECT_EQ(back->measured, outcome.measured);
  EXPECT_EQ(back->took.count(), 5);
  EXPECT_FALSE(unseal(record, key, Speaker::child)) << "a child can't call itself leaked";
}

TEST(Verdict, OneBitMakesItAnother) {
  const VerdictKey key = draw_key();
  const std::string record = seal(passed(), {key.data(), key.size()});
  ASSERT_TRUE(unseal(record, key, Speaker::child));

  for (std::size_t i = 0; i < record.size(); ++i) {
    std::string changed = record;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(unseal(changed, key, Speaker::child)) << i;
  }
  EXPECT_FALSE(unseal(record + "x", key, Speaker::child));
  EXPECT_FALSE(unseal("x" + record, key, Speaker::child));
  EXPECT_FALSE(unseal(record.substr(0, 40), key, Speaker::child));
  EXPECT_FALSE(unseal(record, draw_key(), Speaker::child));
}

}  // namespace
}  // namespace belay::conform

int main(int count, char** words) {
  using namespace belay::conform;
  if (count == 2 && std::string(words[1]) == child_argument) misbehave();
  testing::InitGoogleMock(&count, words);
  return RUN_ALL_TESTS();
}
