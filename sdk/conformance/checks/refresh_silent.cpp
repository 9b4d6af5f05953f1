// AUTH-12: a refresh asks nobody: no terminal, no browser, no standard input.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include "checks/refresh.hpp"
#include "drive/forked.hpp"
#include "drive/syscall_trap.hpp"
#include "run/sanitized.hpp"

namespace belay::conform {
namespace {

constexpr std::string_view typed = "yes\nsecret\n";   // what stands on standard input, for whoever reads it

/// New processes, beside what outside_calls() traps: those are made by clone() with many flags, of which only a thread's is harmless. clone3() is told not to
/// exist, as in many containers; then libc takes clone().
bool trap_new_processes() {
#if defined(__x86_64__) || defined(__aarch64__)
  const std::array<sock_filter, 7> program{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                                            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 3, 0),
                                            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
                                            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])),
                                            BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x00010000 /* CLONE_THREAD */, 1, 2),
                                            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
                                            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
  std::vector<sock_filter> whole(program.begin(), program.end());
  whole.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP));
  const sock_fprog filter{static_cast<unsigned short>(whole.size()), whole.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
#else
  return false;
#endif
}

/// Standard input with something to read on it.
void lay_out_input() {
  int ends[2];
  if (::pipe(ends) != 0) return;
  [[maybe_unused]] const auto written = ::write(ends[1], typed.data(), typed.size());
  ::dup2(ends[0], STDIN_FILENO);
}

/// A desktop that would be glad to open a browser.
void lay_out_desktop() {
  ::setenv("DISPLAY", ":0", 1);
  ::setenv("WAYLAND_DISPLAY", "wayland-0", 1);
  ::setenv("BROWSER", "/usr/bin/xdg-open", 1);
  ::setenv("SSH_ASKPASS", "/usr/bin/ssh-askpass", 1);
}

int unread() {
  int left = -1;
  return ::ioctl(STDIN_FILENO, FIONREAD, &left) == 0 ? left : -1;
}

/// What libc opens by itself, for time zones, locales and arenas.
bool harmless(std::string_view call) {
  static constexpr std::array<std::string_view, 6> paths{"/etc/localtime", "/usr/share/zoneinfo", "/usr/lib/locale", "/sys/devices/system/cpu", "/dev/urandom", "/dev/random"};
  return std::any_of(paths.begin(), paths.end(), [&](std::string_view path) { return call.find(path) != std::string_view::npos; });
}

/// With its own transport it may open sockets and files (P19), but no terminal and no program.
bool own_business(std::string_view call) {
  return call.substr(0, 4) != "exec" && call.find("/dev/tty") == std::string_view::npos && call.find("/dev/pts") == std::string_view::npos &&
         call.find("/dev/console") == std::string_view::npos && call.find("system call") == std::string_view::npos && call.find("fork") == std::string_view::npos;
}

/// What was tried that may not be; empty: nothing.
std::string tried(const std::vector<std::string>& calls, bool own_transport) {
  for (const std::string& call : calls) {
    if (harmless(call) || (own_transport && own_business(call))) continue;
    if (call == "system call " + std::to_string(SYS_clone)) return "it started a process";
    return "it called " + call;
  }
  return {};
}

struct Temptation {
  const char* what;
  CassetteReply reply;        ///< of the last request
  std::uint32_t cause;
  bool without_login = false; ///< there is no refresh token yet
};

/// Runs in a process that is thrown away: filters can't be taken off.
void tempt(Trial& trial, const Temptation& temptation, Line& parent) {
  lay_out_input();
  lay_out_desktop();
  Cassette tape = trial.login.tape;
  if (temptation.without_login) {
    std::erase_if(tape.fields, [](const CassetteField& field) { return field.name == "refresh_token" || field.name == "secret"; });
    trial.plugin.host.sources = {{"another", "nothing of this"}};
  }
  if (temptation.reply.status != 0) trial.endpoint.answer(trial.endpoint.steps() - 1, temptation.reply);
  trial.endpoint.begin();
  std::string answered;
  const auto calls = outside_calls([&] {
    if (!trap_new_processes()) answered = "no filter";
    RefreshOptions options;
    options.cause = temptation.cause;
    answered = told(refresh(trial.plugin, trial.account.get(), tape, options));
  });
  if (!calls) {
    parent.say(packed({"nothing", "this kernel has no seccomp filters"}));
    return;
  }
  std::string found = tried(*calls, trial.plugin.own_transport());
  if (const int left = unread(); found.empty() && left != static_cast<int>(typed.size())) found = "it read from standard input";
  parent.say(packed({found.empty() ? "silent" : "found", found}));
}

void require_silent(Trial& trial, const Temptation& temptation) {
  trial.test.doing(std::string("AUTH-12: ") + trial.login.name + ", " + temptation.what);
  trial.endpoint.behave();
  Forked process([&](Line& parent) { tempt(trial, temptation, parent); });
  const auto heard = process.line().hear(std::chrono::seconds(8));
  const std::string expected = std::string("no terminal, browser, program, file or socket is touched and nothing is read: ") + temptation.what;
  if (!heard) {
    const std::string how = process.end(std::chrono::milliseconds(100));
    trial.test.fail(expected, trial.login.name + ": it never came back (" + how + ")");
  }
  const auto words = unpacked(*heard);
  if (words.size() != 2) trial.test.fail(expected, trial.login.name + ": it ended without an answer");
  if (words[0] == "nothing") trial.test.not_applicable(words[1]);
  if (words[0] != "silent") trial.test.fail(expected, trial.login.name + ": " + words[1]);
}

}  // namespace

void auth_12(Case& test) {
  if (sanitized()) test.not_applicable("this tool is built with a sanitizer, whose own system calls can't be told from the plugin's");
  const std::vector<Temptation> temptations{{"a refresh that works", {}, BELAY_CAUSE_REJECTED},
                                            {"a login that is needed (400 interaction_required)", oauth_error(400, "interaction_required"), BELAY_CAUSE_REJECTED},
                                            {"a login that was revoked (400 invalid_grant)", oauth_error(400, "invalid_grant"), BELAY_CAUSE_REJECTED},
                                            {"a token endpoint that fails, asked by a person", json_reply(503, ""), BELAY_CAUSE_OPERATOR},
                                            {"no login yet", {}, BELAY_CAUSE_MISSING, true}};
  each_login(test, [&](Trial& trial) {
    for (const Temptation& temptation : temptations) require_silent(trial, temptation);
  });
}

}  // namespace belay::conform
