// The process, read attribute by attribute. Order of the comparisons is the order of the report.
#include "drive/process_state.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstring>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

extern char** environ;

namespace belay::conform {
namespace {

std::string address(const void* at) {
  char text[32];
  std::snprintf(text, sizeof text, "%p", at);
  return text;
}

std::string mask_text(const sigset_t& set) {
  std::string text;
  for (int number = 1; number <= 64; ++number) {
    if (sigismember(&set, number) == 1) text += (text.empty() ? "" : " ") + std::to_string(number);
  }
  return text;
}

std::string handler_of(int number) {
  struct sigaction action {};
  if (::sigaction(number, nullptr, &action) != 0) return {};
  if ((action.sa_flags & SA_SIGINFO) != 0) return "handler " + address(reinterpret_cast<const void*>(action.sa_sigaction));
  if (action.sa_handler == SIG_DFL) return "default";
  if (action.sa_handler == SIG_IGN) return "ignored";
  return "handler " + address(reinterpret_cast<const void*>(action.sa_handler));
}

std::map<std::string, std::string> all_limits() {
  static constexpr struct {
    const char* name;
    int which;
  } known[] = {{"RLIMIT_AS", RLIMIT_AS},           {"RLIMIT_CORE", RLIMIT_CORE},   {"RLIMIT_CPU", RLIMIT_CPU},     {"RLIMIT_DATA", RLIMIT_DATA},
               {"RLIMIT_FSIZE", RLIMIT_FSIZE},     {"RLIMIT_NOFILE", RLIMIT_NOFILE}, {"RLIMIT_NPROC", RLIMIT_NPROC}, {"RLIMIT_STACK", RLIMIT_STACK},
               {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK}, {"RLIMIT_NICE", RLIMIT_NICE}};
  std::map<std::string, std::string> limits;
  for (const auto& limit : known) {
    rlimit now{};
    ::getrlimit(static_cast<__rlimit_resource_t>(limit.which), &now);
    limits[limit.name] = std::to_string(now.rlim_cur) + "/" + std::to_string(now.rlim_max);
  }
  return limits;
}

std::map<std::string, std::string> stdio_state() {
  std::map<std::string, std::string> state;
  const char* const names[] = {"stdin", "stdout", "stderr"};
  FILE* const files[] = {stdin, stdout, stderr};
  for (int fd = 0; fd < 3; ++fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    state[std::string(names[fd]) + " flags"] = flags < 0 ? "closed" : (flags & O_NONBLOCK) != 0 ? "non-blocking" : (flags & O_APPEND) != 0 ? "append" : "plain";
    state[std::string(names[fd]) + " close-on-exec"] = flags < 0 ? "closed" : (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0 ? "set" : "not set";
    state[std::string(names[fd]) + " descriptor"] = std::to_string(::fileno(files[fd]));
  }
  return state;
}

std::uint32_t float_control() {
#if defined(__x86_64__)
  return _mm_getcsr() & ~0x3Fu;   // without the sticky flags that any arithmetic raises
#else
  return 0;
#endif
}

std::string differs(const std::string& what, const std::string& before, const std::string& after) {
  return what + " was " + (before.empty() ? "\"\"" : before) + " and is now " + (after.empty() ? "\"\"" : after);
}

std::optional<std::string> map_difference(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after) {
  for (const auto& [name, value] : before) {
    const auto now = after.find(name);
    if (now != after.end() && now->second != value) return differs(name, value, now->second);
  }
  return std::nullopt;
}

/// Names alone: a value may be a secret of the person at the keyboard.
std::optional<std::string> environment_difference(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  const auto name = [](const std::string& entry) { return entry.substr(0, entry.find('=')); };
  for (const std::string& entry : after) {
    if (!std::binary_search(before.begin(), before.end(), entry)) return "the environment variable " + name(entry) + " was set or changed";
  }
  for (const std::string& entry : before) {
    if (!std::binary_search(after.begin(), after.end(), entry)) return "the environment variable " + name(entry) + " was removed";
  }
  return std::nullopt;
}

}  // namespace

ProcessState process_state() {
  ProcessState state;
  for (int number = 1; number <= 64; ++number) state.signals[static_cast<std::size_t>(number)] = handler_of(number);
  sigset_t mask{};
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  state.signal_mask = mask_text(mask);
  state.locale = std::setlocale(LC_ALL, nullptr);
  state.thread_locale = ::uselocale(nullptr) == LC_GLOBAL_LOCALE ? "the global one" : "one of its own";
  char path[4096];
  if (::getcwd(path, sizeof path) != nullptr) state.working_directory = path;
  const mode_t mode = ::umask(0);
  ::umask(mode);
  state.umask = mode;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) state.environment.emplace_back(*entry);
  std::sort(state.environment.begin(), state.environment.end());
  state.rounding = std::fegetround();
  state.float_control = float_control();
  state.limits = all_limits();
  state.stdio = stdio_state();
  state.nice = ::getpriority(PRIO_PROCESS, 0);
  stack_t alternate{};
  ::sigaltstack(nullptr, &alternate);
  state.alternate_stack = (alternate.ss_flags & SS_DISABLE) != 0 ? "none" : address(alternate.ss_sp);
  char name[17] = {};
  ::prctl(PR_GET_NAME, name, 0, 0, 0);
  state.thread_name = name;
  state.dumpable = ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
  ::prctl(PR_GET_PDEATHSIG, &state.death_signal, 0, 0, 0);
  state.session = ::getsid(0);
  state.group = ::getpgrp();
  return state;
}

std::optional<std::string> difference(const ProcessState& before, const ProcessState& after) {
  for (std::size_t number = 1; number < before.signals.size(); ++number) {
    if (before.signals[number] == after.signals[number]) continue;
    const char* name = sigabbrev_np(static_cast<int>(number));
    return differs(std::string("the action for SIG") + (name != nullptr ? name : std::to_string(number).c_str()), before.signals[number],
                   after.signals[number]);
  }
  if (before.signal_mask != after.signal_mask) return differs("the set of blocked signals", before.signal_mask, after.signal_mask);
  if (before.alternate_stack != after.alternate_stack) return differs("the alternate signal stack", before.alternate_stack, after.alternate_stack);
  if (before.locale != after.locale) return differs("the locale", before.locale, after.locale);
  if (before.thread_locale != after.thread_locale) return differs("this thread's locale", before.thread_locale, after.thread_locale);
  if (before.working_directory != after.working_directory) return differs("the working directory", before.working_directory, after.working_directory);
  if (before.umask != after.umask) return differs("the umask", std::to_string(before.umask), std::to_string(after.umask));
  if (auto found = environment_difference(before.environment, after.environment)) return found;
  if (before.rounding != after.rounding) return differs("the rounding mode", std::to_string(before.rounding), std::to_string(after.rounding));
  if (before.float_control != after.float_control) {
    return differs("the floating point control word", std::to_string(before.float_control), std::to_string(after.float_control));
  }
  if (auto found = map_difference(before.limits, after.limits)) return found;
  if (auto found = map_difference(before.stdio, after.stdio)) return found;
  if (before.nice != after.nice) return differs("the priority", std::to_string(before.nice), std::to_string(after.nice));
  if (before.thread_name != after.thread_name) return differs("the name of the host's thread", before.thread_name, after.thread_name);
  if (before.dumpable != after.dumpable) return differs("the dumpable flag", std::to_string(before.dumpable), std::to_string(after.dumpable));
  if (before.death_signal != after.death_signal) {
    return differs("the parent-death signal", std::to_string(before.death_signal), std::to_string(after.death_signal));
  }
  if (before.session != after.session || before.group != after.group) return "the session or process group changed";
  return std::nullopt;
}

}  // namespace belay::conform
