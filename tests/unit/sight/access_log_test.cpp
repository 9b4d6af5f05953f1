#include "access_log.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access_line.hpp"
#include "rig.hpp"
#include "samples.hpp"

namespace belay::gateway::sight {
namespace {

using gateway::test::content_of;
using gateway::test::Folder;
using gateway::test::plain;
using gateway::test::Sample;
using testing::HasSubstr;
using testing::Not;

std::string line_of(const RequestRecord& record) {
  JsonLine line;
  write_access_line(line, record);
  return std::string(line.view());
}

TEST(AccessLine, TellsACall) {
  Sample sample;
  sample.record.first_content = std::chrono::microseconds(130'250);
  EXPECT_EQ(
      line_of(sample.record),
      R"({"time":"2025-11-24T16:00:00.123Z","id":"01JSAMPLE0000000000000000A","method":"POST","path":"/v1/chat/completions","status":200,"route":"r",)"
      R"("provider":"c","model":"m","outcome":"ok","reason":"auth_rejected","attempts":2,"stream":false,"wire":"openai.chat/1","tokens_in":11,"tokens_out":7,)"
      R"("overhead_us":42.500,"first_content_ms":130.250,"key":"ci","bytes_in":321,"bytes_out":654,"duration_ms":812.500,)"
      R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","peer":"127.0.0.1:50112","user_agent":"OpenAI/Python 1.0"})"
      "\n");
}

TEST(AccessLine, TellsARequestThatIsNoCall) {
  EXPECT_EQ(
      line_of(plain("GET", "/healthz", 200)),
      R"({"time":"2025-11-24T16:00:00.000Z","id":"01JPLAIN00000000000000000A","method":"GET","path":"/healthz","status":200,"bytes_in":0,"bytes_out":0,)"
      R"("duration_ms":0.050,"trace_id":"0af7651916cd43dd8448eb211c80319c","peer":"127.0.0.1:1"})"
      "\n");
}

TEST(AccessLine, RoundsToThreeDigits) {
  JsonLine line;
  const auto of = [&line](std::int64_t nanoseconds) {
    line.begin();
    line.thousandths<std::chrono::milliseconds>("ms", std::chrono::nanoseconds(nanoseconds));
    line.thousandths<std::chrono::microseconds>("us", std::chrono::nanoseconds(nanoseconds));
    line.end();
    return std::string(line.view());
  };
  EXPECT_EQ(of(0), "{\"ms\":0.000,\"us\":0.000}\n");
  EXPECT_EQ(of(499), "{\"ms\":0.000,\"us\":0.499}\n");
  EXPECT_EQ(of(500), "{\"ms\":0.001,\"us\":0.500}\n");
  EXPECT_EQ(of(999'999), "{\"ms\":1.000,\"us\":999.999}\n");
  EXPECT_EQ(of(86'400'000'000'000), "{\"ms\":86400000.000,\"us\":86400000000.000}\n");
}

TEST(AccessLine, EscapesWhereverItHasTo) {
  JsonLine line;
  for (std::size_t before = 0; before < 20; ++before) {
    for (const char odd : {'"', '\\', '\n', '\x1f', '\0', '\x7f', '!'}) {
      const std::string value = std::string(before, 'a') + odd + std::string(20 - before, 'z');
      line.begin();
      line.text("a", "b");
      line.text("value", value);
      line.end();
      const auto document = json::parse(line.view());
      ASSERT_TRUE(document.ok()) << line.view();
      EXPECT_EQ(json::string_at(*document, "value"), value);
    }
  }
}

TEST(AccessLine, IsOneLineOfJsonWhateverAClientSays) {
  Sample sample;
  const std::string agent = "a\nb\"c\\\x01\xff";
  sample.record.user_agent = agent;
  sample.record.gone = true;
  const std::string line = line_of(sample.record);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const auto document = json::parse(line);
  ASSERT_TRUE(document.ok()) << line;
  EXPECT_EQ(json::string_at(*document, "user_agent"), "a\nb\"c\\\x01\xEF\xBF\xBD");
  EXPECT_EQ(json::bool_at(*document, "gone"), true);
}

TEST(AccessLog, AppendsToItsFile) {
  const Folder folder;
  const std::string path = folder.file("access.log");
  for (int i = 0; i < 2; ++i) {
    auto log = *AccessLog::open(path);
    EXPECT_EQ(log.write("a\nb\n").lines, 2u);
  }
  EXPECT_EQ(content_of(path), "a\nb\na\nb\n");
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07, 0u) << "who is neither owner nor group reads no log";
}

TEST(AccessLog, ReopensAfterItsFileWasMovedAway) {
  const Folder folder;
  const std::string path = folder.file("access.log"), moved = folder.file("access.log.1");
  auto log = *AccessLog::open(path);
  log.write("old\n");
  ASSERT_EQ(::rename(path.c_str(), moved.c_str()), 0);
  log.write("still old\n");
  ASSERT_TRUE(log.reopen().ok());
  log.write("new\n");
  EXPECT_EQ(content_of(moved), "old\nstill old\n");
  EXPECT_EQ(content_of(path), "new\n");
}

TEST(AccessLog, WhatCantBeOpenedSaysWhatToDo) {
  const Folder folder;
  const auto log = AccessLog::open(folder.file("no/such/folder.log"));
  ASSERT_FALSE(log.ok());
  EXPECT_THAT(log.error().message, HasSubstr("No such file or directory (name a file"));
}

TEST(AccessLog, AFullDiskLosesLinesAndNothingElse) {
  auto log = *AccessLog::open("/dev/full");
  const auto written = log.write("a\nb\nc\n");
  EXPECT_EQ(written.lines, 0u);
  EXPECT_EQ(written.lost, 3u);
}

TEST(AccessLog, AReaderThatWentAwayLosesLinesAndNothingElse) {
  const Folder folder;
  const std::string path = folder.file("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  Fd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
  auto log = *AccessLog::open(path);
  EXPECT_EQ(log.write("a\n").lines, 1u);
  reader.reset();

  sigset_t pipe, before;
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, &before);  // as the recorder's thread does
  EXPECT_EQ(log.write("b\nc\n").lost, 2u);
  const timespec at_once{};
  ::sigtimedwait(&pipe, nullptr, &at_once);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(AccessLog, AReaderThatStandsStillIsGivenUpOn) {
  const Folder folder;
  const std::string path = folder.file("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const Fd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
  auto log = *AccessLog::open(path);
  const std::string line = std::string(999, 'x') + "\n";
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += line;

  const auto written = log.write(lines);

  EXPECT_GT(written.lines, 0u);
  EXPECT_EQ(written.lines + written.lost, 1000u);
  std::string got(2u << 20, '\0');
  const auto size = ::read(reader.get(), got.data(), got.size());
  EXPECT_EQ(static_cast<std::size_t>(size), written.lines * line.size()) << "whole lines only";
}

TEST(AccessLog, OffWritesNothing) {
  auto log = *AccessLog::open("off");
  EXPECT_FALSE(log.on());
}

}  // namespace
}  // namespace belay::gateway::sight
