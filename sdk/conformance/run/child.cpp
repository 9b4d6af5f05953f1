#include "run/child.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "checks/checks.hpp"
#include "run/crash_signals.hpp"
#include "run/crumb.hpp"
#include "run/describe.hpp"
#include "run/judge.hpp"
#include "run/setup.hpp"
#include "run/syscall_filter.hpp"
#include "run/verdict.hpp"

namespace belay::conform {
namespace {

/// The tool itself is at fault; the supervisor finds no verdict.
[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "belay-conform: %s\n", why.c_str());
  _exit(4);
}

std::string read_all(int fd) {
  std::string out;
  char piece[4096];
  for (ssize_t got = 0; (got = read(fd, piece, sizeof piece)) > 0;) out.append(piece, static_cast<std::size_t>(got));
  return out;
}

const Check* find_check(std::string_view id) {
  if (id == describe_check().id) return &describe_check();
  for (const Check* check : all_checks()) {
    if (check->id == id) return check;
  }
  return nullptr;
}

}  // namespace

void child_main() {
  SealedKey key(setup_fd);
  const auto errand = unpack(read_all(setup_fd));
  close(setup_fd);
  if (!errand) give_up(errand.error().message);
  const Check* check = find_check(errand->check);
  if (check == nullptr) give_up("there is no check " + errand->check);
  lay_crumbs_in(crumb_fd);
  tell_crashes(crumb_fd);
  report_trapped_calls();
  run_child(*check, errand->setup, verdict_fd, key);
}

void run_child(const Check& check, const ChildSetup& setup, int verdict_descriptor, SealedKey& key) {
  const Outcome outcome = judge(check, setup);
  const std::string record = seal(outcome, key.open());
  // Smaller than a pipe's buffer: written at once or not at all.
  if (write(verdict_descriptor, record.data(), record.size()) != static_cast<ssize_t>(record.size())) _exit(1);
  _exit(0);
}

}  // namespace belay::conform
