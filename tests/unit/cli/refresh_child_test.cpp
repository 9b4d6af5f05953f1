#include "refresh_child.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <thread>

#include "processes.hpp"
#include "refresh_wire.hpp"

namespace belay::cli {
namespace {

using credentials::RefreshOutcome;

credentials::RefreshRequest request() {
  credentials::RefreshRequest made;
  made.provider = "p";
  made.id = "main";
  return made;
}

/// A shell in the child's place.
Program script(const std::string& text) { return {"/bin/sh", {"sh", "-c", text}}; }

std::string answer(RefreshOutcome outcome, std::uint64_t generation) {
  credentials::RefreshResult result;
  result.outcome = outcome;
  result.generation = generation;
  std::string line = encode(result);
  line.pop_back();
  return "echo '" + line + "' >&4";
}

bool gone(pid_t pid) { return kill(pid, 0) != 0 && errno == ESRCH; }

TEST(RefreshChild, HandsOverTheRequestAndBringsBackTheResult) {
  const Folder folder;
  const auto result = refresh_in_child(
      script("cat <&3 >" + folder.path("request") + "; echo ready >&4; " + answer(RefreshOutcome::refreshed, 4)), request(), -1);

  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(result->generation, 4U);
  const auto arrived = decode_request(content_of(folder.path("request")), MonoTime());
  ASSERT_TRUE(arrived) << arrived.error().message;
  EXPECT_EQ(arrived->provider, "p");
}

TEST(RefreshChild, NobodyThatCannotDoTheWorkIsTrusted) {
  EXPECT_FALSE(refresh_in_child({"/nonexistent/belay", {"belay"}}, request(), -1));  // no such program
  EXPECT_FALSE(refresh_in_child(script("exit 2"), request(), -1));                   // a configuration that can't be read
  EXPECT_FALSE(refresh_in_child(script("echo else >&4"), request(), -1));            // not a word of ours
}

// From "ready" on a token request may have gone out: nobody does it again here.
TEST(RefreshChild, OneThatDiesAtWorkIsATransientFailure) {
  for (const char* text : {"echo ready >&4; kill -9 $$", "echo ready >&4; printf '{\"outcome\":\"refr' >&4"}) {
    const auto result = refresh_in_child(script(text), request(), -1);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->outcome, RefreshOutcome::failed_transient);
    EXPECT_EQ(result->message, "the refresh process ended unexpectedly");
  }
}

/// A meeting point of two processes: each end waits for the other.
std::string meeting(const Folder& folder, const std::string& name) {
  EXPECT_EQ(mkfifo(folder.path(name).c_str(), 0600), 0);
  return folder.path(name);
}

TEST(RefreshChild, IsLeftToItselfWhenTheCommandEnds) {
  const Folder folder;
  const std::string begun = meeting(folder, "begun"), go = meeting(folder, "go");
  Pipe leaving;
  std::thread command([&] {
    EXPECT_NE(content_of(begun), "");
    leaving.in.reset();  // the end of the pipe makes it readable
  });

  const auto result = refresh_in_child(
      script("echo ready >&4; echo $$ >" + folder.path("pid") + "; echo begun >" + begun + "; read x <" + go + "; echo done >" + folder.path("done")),
      request(), leaving.out.get());

  command.join();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, RefreshOutcome::failed_transient);
  EXPECT_EQ(result->message, "left to its own process");
  EXPECT_FALSE(std::filesystem::exists(folder.path("done")));  // still at work
  (void)folder.with("go", "\n");
  const pid_t pid = std::stoi(content_of(folder.path("pid")));
  EXPECT_EQ(waitpid(pid, nullptr, 0), pid);
  EXPECT_EQ(content_of(folder.path("done")), "done\n");
}

TEST(RefreshChild, GetsNoDescriptorButItsTwo) {
  const Folder folder;
  const Fd inherited(fcntl(0, F_DUPFD, 77));  // not close-on-exec: someone gave it to us

  (void)refresh_in_child(script("all=$(ls /proc/$$/fd); standard=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); echo \"$all\" >" +
                                folder.path("fds") + "; echo \"$standard\" >" + folder.path("standard")),
                         request(), -1);

  const std::string open_ones = "\n" + content_of(folder.path("fds"));  // one more is the pipe of the shell's own $(...)
  EXPECT_NE(open_ones.find("\n3\n4\n"), std::string::npos) << open_ones;
  EXPECT_EQ(open_ones.find("\n" + std::to_string(inherited.get()) + "\n"), std::string::npos) << open_ones;
  EXPECT_EQ(content_of(folder.path("standard")), "/dev/null\n/dev/null\n/dev/null\n");
}

// Ctrl-C on the terminal, and a SIGKILL of the process group, reach the command and not its child.
TEST(RefreshChild, LivesInASessionOfItsOwnWithUsualSignals) {
  const Folder folder;
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);

  (void)refresh_in_child(script("cut -d' ' -f1,5,6 /proc/$$/stat >" + folder.path("session") + "; sed -n 's/^Sig[BI][lg][kn]:\\t*//p' /proc/self/status >" +
                                folder.path("signals")),
                         request(), -1);

  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  std::istringstream session(content_of(folder.path("session")));
  int pid = 0, group = 0, leader = 0;
  session >> pid >> group >> leader;
  EXPECT_EQ(group, pid);
  EXPECT_EQ(leader, pid);
  std::istringstream signals(content_of(folder.path("signals")));
  std::string blocked_mask, ignored_mask;
  signals >> blocked_mask >> ignored_mask;
  EXPECT_EQ(blocked_mask, "0000000000000000");
  EXPECT_TRUE(ignored_mask.ends_with("80000000") || ignored_mask.ends_with("00000000")) << ignored_mask;  // 32 and up are the C library's
  EXPECT_TRUE(gone(pid));  // and no zombie is left
}

// A script that reads the command's output to its end (`$(belay call ...)`) must not wait for the child.
TEST(RefreshChild, HoldsNoneOfTheCommandsStreams) {
  const Folder folder;
  const std::string go = meeting(folder, "go");
  const Ended command = in_child([&] {  // its output pipes end with it, or in_child() would not return
    Pipe leaving;
    leaving.in.reset();
    const auto result = refresh_in_child(script("trap '' PIPE; echo ready >&4; read x <" + go), request(), leaving.out.get());
    return result && result->message == "left to its own process" ? 0 : 1;
  });
  EXPECT_EQ(command.code, 0);
  (void)folder.with("go", "\n");  // lets it end
}

}  // namespace
}  // namespace belay::cli
