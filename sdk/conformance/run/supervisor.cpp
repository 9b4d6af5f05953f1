#include "run/supervisor.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <optional>

#include "base/utf8.hpp"
#include "run/crash_signals.hpp"
#include "run/crumb.hpp"
#include "run/launch.hpp"
#include "run/stragglers.hpp"
#include "run/syscall_filter.hpp"

namespace belay::conform {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::size_t largest_verdict = 256u << 10, shown_output = 4u << 10;
constexpr auto for_last_words = 1s;   // after the signal that dumps a backtrace
constexpr auto poll_without_pidfd = 10ms;

/// How the child ended.
struct End {
  int wait_status = 0;
  bool out_of_time = false;
  std::string verdict_bytes;
};

/// What a signal means, for people.
std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? "signal " + std::to_string(signal) : std::string("SIG") + name;
}

class Vigil {
 public:
  Vigil(LaunchedChild& child, std::chrono::seconds limit)
      : child_(child), pidfd_(static_cast<int>(syscall(SYS_pidfd_open, child.pid, 0))), deadline_(steady_clock::now() + limit) {}

  End keep() {
    End end;
    while (!reaped(end)) {
      const auto now = steady_clock::now();
      if (now >= deadline_) {
        if (end.out_of_time) kill(child_.pid, SIGKILL);
        else kill(child_.pid, time_is_over);
        end.out_of_time = true;
        deadline_ = now + for_last_words;
      }
      wait(std::chrono::ceil<std::chrono::milliseconds>(deadline_ - steady_clock::now()));
      drain(end);
    }
    drain(end);
    return end;
  }

 private:
  bool reaped(End& end) const { return waitpid(child_.pid, &end.wait_status, WNOHANG) == child_.pid; }

  void wait(std::chrono::milliseconds most) {
    pollfd about[2] = {{pidfd_.get(), POLLIN, 0}, {verdict_open_ ? child_.verdict.get() : -1, POLLIN, 0}};
    if (!pidfd_) most = std::min<std::chrono::milliseconds>(most, poll_without_pidfd);
    poll(about, 2, static_cast<int>(std::clamp<std::int64_t>(most.count(), 0, 60'000)));
  }

  void drain(End& end) {
    char piece[4096];
    for (;;) {
      const ssize_t got = read(child_.verdict.get(), piece, sizeof piece);
      if (got == 0) verdict_open_ = false;
      if (got <= 0) return;
      const std::size_t room = largest_verdict - std::min(largest_verdict, end.verdict_bytes.size());
      end.verdict_bytes.append(piece, std::min(static_cast<std::size_t>(got), room));
    }
  }

  LaunchedChild& child_;
  const Fd pidfd_;
  steady_clock::time_point deadline_;
  bool verdict_open_ = true;
};

/// The last bytes of a file in memory.
std::string end_of(int fd) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0) return {};
  const off_t from = std::max<off_t>(0, facts.st_size - static_cast<off_t>(shown_output));
  std::string out(static_cast<std::size_t>(facts.st_size - from), '\0');
  const ssize_t got = pread(fd, out.data(), out.size(), from);
  out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return replace_invalid_utf8(out);
}

Outcome broken(Status status, std::string expected, std::string observed) {
  Outcome out;
  out.status = status;
  out.expected = std::move(expected);
  out.observed = std::move(observed);
  return out;
}

/// The child's own verdict, or what its end means where it left none.
Outcome outcome_of(const End& end, const VerdictKey& key, const Crumbs& crumbs, std::chrono::seconds limit) {
  const bool exited = WIFEXITED(end.wait_status);
  const int code = exited ? WEXITSTATUS(end.wait_status) : -1, signal = exited ? 0 : WTERMSIG(end.wait_status);
  if (end.out_of_time) return broken(Status::hang, "the check ends within " + std::to_string(limit.count()) + " s", "it was still running and was killed");
  if (crumbs.trapped_call >= 0 && code == trapped_exit_code)
    return broken(Status::fail, "a plugin leaves the process alone and does no I/O of its own (P17, P18, P19)", "it called " + call_name(crumbs.trapped_call));
  if (signal == SIGXCPU) return broken(Status::hang, "the check ends", "it used up its processor time");
  if (signal == SIGSYS)
    return broken(Status::crash, "a plugin leaves other processes alone (P17)", "killed by SIGSYS: it signalled or traced the tool that tests it");
  if (signal != 0) return broken(Status::crash, "the check comes to its end", "killed by " + signal_name(signal));
  auto verdict = unseal(end.verdict_bytes, key, Speaker::child);
  if (!verdict || code != 0) {
    return broken(Status::crash, "the check comes to its end and leaves a verdict",
                  "the process ended with exit code " + std::to_string(code) + (verdict ? " after its verdict" : "; of a verdict " + verdict.error().message));
  }
  return std::move(*verdict);
}

void add_stragglers(Outcome& outcome, std::size_t count) {
  if (count == 0) return;
  const std::string sentence = std::to_string(count) + (count == 1 ? " process was" : " processes were") + " left running behind the check";
  if (!failed(outcome.status)) outcome = broken(Status::leaked, "a plugin starts no processes (P17)", sentence);
  else outcome.observed += "; " + sentence;
}

Outcome watch_over(const Watch& watch) {
  const auto start = steady_clock::now();
  auto child = launch(watch);
  if (!child) return broken(Status::crash, "the tool can start a child", child.error().message);
  Vigil vigil(*child, watch.limit);
  const End end = vigil.keep();
  kill(-child->pid, SIGKILL);  // its group: what did not leave it
  const std::size_t stragglers = end_stragglers();
  const Crumbs crumbs = read_crumbs(child->crumbs.get());
  Outcome outcome = outcome_of(end, child->key, crumbs, watch.limit);
  add_stragglers(outcome, stragglers);
  outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start);
  if (failed(outcome.status)) {
    if (crumbs.doing != watch.errand.check) outcome.doing = crumbs.doing;
    outcome.output = end_of(child->output.get()) + end_of(child->errors.get());
    outcome.backtrace = replace_invalid_utf8(crumbs.backtrace);
  }
  return outcome;
}

}  // namespace

void supervise(const Watch& watch) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != watch.tool) _exit(4);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_DUMPABLE, 0);
  std::error_code ignored;
  std::filesystem::create_directory(watch.errand.setup.temp, ignored);
  const Outcome outcome = watch_over(watch);
  std::filesystem::remove_all(watch.errand.setup.temp, ignored);
  const std::string record = seal(outcome, {watch.report_key.data(), watch.report_key.size()});
  for (std::size_t at = 0; at < record.size();) {
    const ssize_t put = write(watch.report_fd, record.data() + at, record.size() - at);
    if (put <= 0) _exit(4);
    at += static_cast<std::size_t>(put);
  }
  _exit(0);
}

}  // namespace belay::conform
