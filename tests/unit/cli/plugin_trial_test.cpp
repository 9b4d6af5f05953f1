// The child that tries a plugin, played by shells; the real one is tried by tests/clients/plugin_reload_test.py.
#include "plugin_trial.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include "processes.hpp"

namespace belay::cli {
namespace {

using plugins::Tried;
using plugins::TrialEnd;

TrialRequest request() { return {"/plugins/acme.so", {{"acme", {"main", "http://127.0.0.1:9/v1", R"({"region":"us"})", "m1"}}}}; }

/// A shell in the child's place.
TrialChild script(const std::string& text, Millis limit = Millis(60'000)) {
  TrialChild child;
  child.program = {"/bin/sh", {"sh", "-c", text}};
  child.limit = limit;
  return child;
}

TrialEnd end_of(const TrialChild& child) {
  const Fd image(open("/dev/null", O_RDONLY | O_CLOEXEC));
  return try_in_child(child, image.get(), request());
}

TEST(PluginTrial, RequestArrivesAsItWasSent) {
  const auto arrived = decode_trial(encode(request()));

  ASSERT_TRUE(arrived) << arrived.error().message;
  EXPECT_EQ(arrived->path, "/plugins/acme.so");
  ASSERT_EQ(arrived->trials.size(), 1U);
  EXPECT_EQ(arrived->trials[0].type, "acme");
  EXPECT_EQ(arrived->trials[0].config.name, "main");
  EXPECT_EQ(arrived->trials[0].config.base_url, "http://127.0.0.1:9/v1");
  EXPECT_EQ(arrived->trials[0].config.options, R"({"region":"us"})");
  EXPECT_EQ(arrived->trials[0].config.model, "m1");
  EXPECT_FALSE(decode_trial("{}"));
  EXPECT_FALSE(decode_trial("nothing"));
}

TEST(PluginTrial, GetsTheImageAndTheRequest) {
  const Folder folder;
  const Fd image(open(folder.with("image", "its bytes").c_str(), O_RDONLY | O_CLOEXEC));

  const auto end = try_in_child(script("cat <&3 >" + folder.path("got") + "; cat <&4 >" + folder.path("asked") + "; echo good >&5"), image.get(), request());

  EXPECT_EQ(end.how, Tried::good) << end.why;
  EXPECT_EQ(content_of(folder.path("got")), "its bytes");
  EXPECT_EQ(content_of(folder.path("asked")), encode(request()));
}

TEST(PluginTrial, WhoSaysNoIsRefused) {
  const auto end = end_of(script("echo step mapping it >&5; echo 'bad has no descriptor' >&5"));

  EXPECT_EQ(end.how, Tried::refused);
  EXPECT_EQ(end.why, "has no descriptor");
}

TEST(PluginTrial, ACrashIsToldWithItsSignalAndItsStep) {
  const auto end = end_of(script("echo step mapping it >&5; echo step making an instance for provider.main >&5; kill -SEGV $$"));

  EXPECT_EQ(end.how, Tried::broke);
  EXPECT_EQ(end.why, "crashed when it was tried (SIGSEGV) while making an instance for provider.main");
}

TEST(PluginTrial, WhoEndsTheProcessIsNotTakenForGood) {
  const auto end = end_of(script("echo step mapping it >&5; exit 0"));

  EXPECT_EQ(end.how, Tried::broke);
  EXPECT_EQ(end.why, "ended the process that tried it (exit code 0) while mapping it");
}

TEST(PluginTrial, WhoHangsIsEndedWithAllThatItStarted) {
  const Folder folder;

  const auto end = end_of(script("echo step mapping it >&5; sleep 1000 & echo $! >" + folder.path("pid") + "; wait", Millis(1'000)));

  EXPECT_EQ(end.how, Tried::broke);
  EXPECT_EQ(end.why, "hung when it was tried: nothing came of it within 1 s while mapping it");
  const pid_t started = std::stoi(content_of(folder.path("pid")));
  const auto over = [started] {  // whoever inherits it reaps it
    const std::string stat = content_of("/proc/" + std::to_string(started) + "/stat");
    return stat.empty() || stat.find(") Z ") != std::string::npos || stat.find(") X ") != std::string::npos;
  };
  for (int i = 0; i < 5000 && !over(); ++i) usleep(1000);
  EXPECT_TRUE(over());
}

TEST(PluginTrial, WhatItStartedDoesNotKeepUsWaiting) {
  const auto end = end_of(script("sleep 1000 & echo good >&5"));

  EXPECT_EQ(end.how, Tried::good) << end.why;
}

TEST(PluginTrial, IsGivenUpWhenNobodyWaitsAnyMore) {
  Pipe leaving;
  leaving.in.reset();  // the end of a pipe is readable
  auto child = script("sleep 1000");
  child.leaving = leaving.out.get();

  EXPECT_EQ(end_of(child).how, Tried::unfinished);
}

TEST(PluginTrial, AChildThatEndsBeforeItsFirstWordSaysNothingOfThePlugin) {
  const auto end = end_of(script("exit 1"));

  EXPECT_EQ(end.how, Tried::unfinished);
  EXPECT_EQ(end.why, "could not be tried: the child that was to do it ended at once (exit code 1)");
}

TEST(PluginTrial, WithoutAChildNothingIsKnown) {
  TrialChild child;
  child.program.path = "/nonexistent/belay";

  const auto end = end_of(child);

  EXPECT_EQ(end.how, Tried::unfinished);
  EXPECT_EQ(end.why, "could not be tried: No such file or directory");
}

}  // namespace
}  // namespace belay::cli
