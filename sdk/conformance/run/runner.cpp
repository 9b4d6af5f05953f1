#include "run/runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <optional>
#include <set>
#include <vector>

#include "base/file.hpp"
#include "run/sanitized.hpp"
#include "run/stragglers.hpp"
#include "run/supervisor.hpp"

namespace belay::conform {
namespace {

constexpr int slower_under_sanitizers = 5;
// A supervisor ends its child at the limit and then has work that takes moments; one that is silent for so long is stuck or stopped.
constexpr std::chrono::seconds patience{30};

std::atomic<bool> wants_to_stop{false};

void on_stop(int) { wants_to_stop.store(true); }

std::chrono::seconds limit_of(const Check& check) { return check.limit * (sanitized() ? slower_under_sanitizers : 1); }

/// One check under way.
struct Running {
  std::size_t index;
  pid_t supervisor;
  Fd report;
  VerdictKey key;
  std::string record;
  std::chrono::steady_clock::time_point latest;
};

Outcome lost(std::string observed) {
  Outcome out;
  out.status = Status::crash;
  out.expected = "a plugin leaves other processes alone (P17)";
  out.observed = std::move(observed);
  return out;
}

class Pool {
 public:
  Pool(std::span<const Check* const> checks, const RunPlan& plan, const Finished& finished)
      : checks_(checks), plan_(plan), finished_(finished), outcomes_(checks.size()) {}

  bool run() {
    while (told_ < checks_.size()) {
      if (interrupted()) {
        stop_all();
        return false;
      }
      while (may_start()) start(next_++);
      wait();
      tell();
    }
    return true;
  }

 private:
  /// Measurements run alone, so that they measure the plugin and not their neighbours.
  [[nodiscard]] bool alone(std::size_t index) const { return checks_[index]->group == Group::performance; }
  [[nodiscard]] bool may_start() const {
    if (next_ == checks_.size() || running_.size() >= plan_.jobs) return false;
    return running_.empty() || (!alone(next_) && !alone(running_.front().index));
  }

  void start(std::size_t index) {
    const Check& check = *checks_[index];
    Watch watch;
    watch.errand = {std::string(check.id), plan_.setup};
    watch.errand.setup.temp = plan_.folder + "/" + std::to_string(getpid()) + "-" + std::to_string(++folders_);
    watch.limit = limit_of(check);
    watch.own_transport = plan_.own_transport;
    watch.tool = getpid();
    watch.tool_group = getpgid(0);
    watch.report_key = draw_key();
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
      outcomes_[index] = lost("can't make a pipe: " + errno_text(errno));
      return;
    }
    Fd read(ends[0]), write(ends[1]);
    watch.report_fd = write.get();
    const pid_t pid = fork();
    if (pid == 0) {
      std::signal(SIGINT, SIG_DFL);
      std::signal(SIGTERM, SIG_DFL);
      supervise(watch);
    }
    if (pid < 0) {
      outcomes_[index] = lost("can't fork: " + errno_text(errno));
      return;
    }
    running_.push_back({index, pid, std::move(read), watch.report_key, {}, std::chrono::steady_clock::now() + watch.limit + patience});
  }

  void wait() {
    std::vector<pollfd> about;
    for (const auto& one : running_) about.push_back({one.report.get(), POLLIN, 0});
    if (about.empty()) return;
    poll(about.data(), about.size(), 1000);
    for (std::size_t i = running_.size(); i-- > 0;) {
      const bool late = std::chrono::steady_clock::now() > running_[i].latest;
      if (late) kill(running_[i].supervisor, SIGKILL);
      if ((about[i].revents != 0 || late) && (late || ended(running_[i]))) {
        settle(running_[i]);
        running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }

  static bool ended(Running& one) {
    char piece[16384];
    const ssize_t got = read(one.report.get(), piece, sizeof piece);
    if (got > 0) one.record.append(piece, static_cast<std::size_t>(got));
    return got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
  }

  void settle(const Running& one) {
    int status = 0;
    waitpid(one.supervisor, &status, 0);
    auto outcome = unseal(one.record, one.key, Speaker::supervisor);
    if (outcome && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      outcomes_[one.index] = std::move(*outcome);
      return;
    }
    std::set<pid_t> others;
    for (const auto& other : running_) others.insert(other.supervisor);
    end_stragglers(others);
    outcomes_[one.index] = lost("the process that watched over the check was " + std::string(WIFSIGNALED(status) ? "killed" : "disturbed") + " while it ran");
  }

  void tell() {
    while (told_ < checks_.size() && outcomes_[told_]) {
      finished_(*checks_[told_], *outcomes_[told_]);
      ++told_;
    }
  }

  void stop_all() {
    for (const auto& one : running_) kill(one.supervisor, SIGKILL);
    running_.clear();
    end_stragglers();
  }

  const std::span<const Check* const> checks_;
  const RunPlan& plan_;
  const Finished& finished_;
  std::vector<std::optional<Outcome>> outcomes_;
  std::vector<Running> running_;
  std::size_t next_ = 0, told_ = 0;
  static inline unsigned folders_ = 0;
};

}  // namespace

bool run_checks(std::span<const Check* const> checks, const RunPlan& plan, const Finished& finished) { return Pool(checks, plan, finished).run(); }

Outcome run_one(const Check& check, const RunPlan& plan) {
  Outcome out = lost("interrupted");
  const Check* const one[] = {&check};
  run_checks(one, plan, [&out](const Check&, const Outcome& outcome) { out = outcome; });
  return out;
}

void become_the_tool() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_DUMPABLE, 0);
  struct sigaction action {};
  action.sa_handler = on_stop;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() { return wants_to_stop.load(); }

}  // namespace belay::conform
