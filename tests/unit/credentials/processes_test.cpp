// Several processes and one login: real children, a real token endpoint with rotation and reuse detection, and SIGKILL
// at every step.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>

#include "token_server.hpp"
#include "world.hpp"

extern char** environ;

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// child.cpp, running.
class Child {
 public:
  Child(const std::string& state, const std::string& url, const std::string& secrets, const std::string& where,
        int threads) {
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in[0], 0);
    posix_spawn_file_actions_adddup2(&files, out[1], 1);
    std::vector<std::string> words{CREDENTIALS_CHILD, state, url, secrets, where, std::to_string(threads)};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn(&pid_, argv[0], &files, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    close(in[0]);
    close(out[1]);
    in_ = in[1];
    out_ = out[0];
  }
  ~Child() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    finish();
    close(in_);
    close(out_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  std::string line() {
    std::string text;
    char c = 0;
    while (read(out_, &c, 1) == 1 && c != '\n') text += c;
    return text;
  }
  void go() { EXPECT_EQ(write(in_, "g", 1), 1); }
  void kill_now() { kill(pid_, SIGKILL); }
  /// Exit status; 128 + N for signal N.
  int finish() {
    if (pid_ > 0) {
      int status = 0;
      waitpid(pid_, &status, 0);
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      pid_ = -1;
    }
    return status_;
  }

 private:
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1, status_ = -1;
};

class Processes : public World {
 protected:
  Processes() { write_text(file("login"), login_json(0)); }

  std::unique_ptr<Child> start(const std::string& where = "", int threads = 1) {
    auto child =
        std::make_unique<Child>((dir.path() / "state").string(), server.url(), file("login").string(), where, threads);
    EXPECT_EQ(child->line(), "ready");
    return child;
  }
  /// One refresh by a process of its own: its line.
  std::string refreshed_by_another() {
    auto child = start();
    child->go();
    EXPECT_EQ(child->line(), "asked");
    return child->line();
  }
  /// Runs a child that dies at `where`.
  void die_at(const std::string& where) {
    auto child = start(where);
    child->go();
    EXPECT_EQ(child->finish(), 128 + SIGKILL) << where;
  }

  TokenServer server;
};

TEST_F(Processes, TwentyThreadsInFourProcessesMakeOneTokenRequest) {
  std::vector<std::unique_ptr<Child>> children;
  for (int i = 0; i < 4; ++i) children.push_back(start("", 20));
  for (auto& child : children) child->go();
  for (auto& child : children) {
    EXPECT_EQ(child->line(), "asked");
    for (int i = 0; i < 20; ++i) EXPECT_EQ(child->line(), "refreshed 2 at-SECRET-1 ");
    EXPECT_EQ(child->finish(), 0);
  }
  EXPECT_EQ(server.served(), 1);
  EXPECT_EQ(server.reused(), 0);
}

TEST_F(Processes, ADeadLoginIsAskedForOnceByAllWhoWait) {
  std::promise<void> arrived, go;
  auto gone = go.get_future().share();
  std::atomic<bool> first{true};
  server.on_request([&, gone] {
    if (first.exchange(false)) arrived.set_value();
    gone.wait();
    return true;
  });
  write_text(file("login"), R"({"access_token": "at-SECRET-0", "refresh_token": "rt-SPENT"})");
  auto one = start(), two = start();
  one->go();
  arrived.get_future().wait();
  two->go();
  EXPECT_EQ(one->line(), "asked");
  EXPECT_EQ(two->line(), "asked");
  // Moments on record have milliseconds: the answer shall be a later one than the question.
  const UnixMs asked = system_clock().unix_ms();
  while (system_clock().unix_ms() == asked) std::this_thread::yield();
  go.set_value();
  EXPECT_THAT(one->line(), HasSubstr("failed_permanent 1"));
  EXPECT_THAT(two->line(), HasSubstr("failed_permanent 1"));
  EXPECT_EQ(server.served(), 1);
  server.stop();
}

TEST_F(Processes, KilledBeforeItsRequestNothingHasHappened) {
  die_at("hook");
  EXPECT_EQ(refreshed_by_another(), "refreshed 2 at-SECRET-1 ");
  EXPECT_EQ(server.reused(), 0);
}

TEST_F(Processes, KilledBetweenTheRecordAndTheRequestItHealsByItself) {
  die_at("send");
  EXPECT_EQ(refreshed_by_another(), "refreshed 2 at-SECRET-1 ");
  EXPECT_EQ(server.reused(), 0);
}

TEST_F(Processes, KilledBeforeTheServerRotatedItHealsByItself) {
  std::promise<void> arrived, killed;
  server.on_request([&, first = true]() mutable {
    if (!std::exchange(first, false)) return true;
    arrived.set_value();
    killed.get_future().wait();
    return false;
  });
  auto child = start();
  child->go();
  arrived.get_future().wait();
  child->kill_now();
  child->finish();
  killed.set_value();
  EXPECT_EQ(refreshed_by_another(), "refreshed 2 at-SECRET-1 ");
  EXPECT_EQ(server.reused(), 0);
  server.stop();
}

TEST_F(Processes, KilledAfterTheServerRotatedTheNextSaysExactlyWhatHappened) {
  std::promise<void> rotated, killed;
  server.before_answer([&, first = true]() mutable {
    if (!std::exchange(first, false)) return;
    rotated.set_value();
    killed.get_future().wait();
  });
  auto child = start();
  child->go();
  rotated.get_future().wait();
  child->kill_now();
  child->finish();
  killed.set_value();
  const std::string line = refreshed_by_another();
  EXPECT_THAT(line, HasSubstr("needs_interaction 1"));
  EXPECT_THAT(line, HasSubstr("the login was lost in an interrupted refresh"));
  EXPECT_EQ(server.reused(), 1) << "the old token is tried once";
  // A new login in the file ends it.
  write_text(file("login"), R"({"access_token": "at-SECRET-9", "refresh_token": "rt-SECRET-1"})");
  EXPECT_EQ(refreshed_by_another(), "refreshed 3 at-SECRET-2 ");
  server.stop();
}

TEST_F(Processes, KilledWithTheReplyInItsHandsTheNextSaysSo) {
  die_at("reply");
  EXPECT_THAT(refreshed_by_another(), HasSubstr("interrupted refresh"));
}

TEST_F(Processes, KilledAfterStoringNothingIsLost) {
  die_at("done");
  EXPECT_EQ(server.served(), 1);
  open_one(login_in(file("login"), server.url()));
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-1");
  EXPECT_EQ(lookup().snapshot->generation, 2U);
}

TEST_F(Processes, KilledAtAnyMomentTheStateIsWholeAndTheStoryIsTrue) {
  open_one(login_in(file("login"), server.url()));
  for (int i = 0; i < 10; ++i) {
    const int before = server.number();
    const std::uint64_t generation = lookup().snapshot->generation;
    {
      auto child = start();
      child->go();
      // Somewhere in it: it takes a few milliseconds.
      const auto moment = std::chrono::steady_clock::now() + std::chrono::microseconds(400 * i);
      while (std::chrono::steady_clock::now() < moment) std::this_thread::yield();
      child->kill_now();
      child->finish();
    }
    const Lookup after = lookup(Read::fresh);
    ASSERT_TRUE(after.snapshot) << after.why;
    ASSERT_GE(after.snapshot->generation, generation);
    const std::string line = refreshed_by_another();
    if (server.reused() == 0) {
      ASSERT_THAT(line, HasSubstr("refreshed"));
      continue;
    }
    ASSERT_THAT(line, HasSubstr("interrupted refresh"))
        << "logged out outside of a token request, at step " << i << " after number " << before;
    break;  // the login is lost, as it must be when the reply was
  }
}

}  // namespace
}  // namespace belay::credentials
