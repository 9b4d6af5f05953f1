#include "trace_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "processes.hpp"
#include "screens.hpp"

namespace belay::cli {
namespace {

Console console(int err) {
  Console made{pipe_screen(), pipe_screen()};
  made.err.fd = err;
  return made;
}

TEST(TraceFile, IsReplacedWholeAndReadableByItsOwnerAlone) {
  const Folder folder;
  const std::string path = folder.with("trace.json", "an older trace that is longer than the new one");

  ASSERT_TRUE(check_trace_place(path));
  ASSERT_TRUE(write_trace(path, "{}", console(2)));

  EXPECT_EQ(content_of(path), "{}\n");
  struct stat facts {};
  ASSERT_EQ(stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0600U);
}

TEST(TraceFile, ADashIsStderr) {
  Pipe err;
  ASSERT_TRUE(check_trace_place("-"));
  ASSERT_TRUE(write_trace("-", "{}", console(err.in.get())));
  err.in.reset();
  EXPECT_EQ(read_all(err.out.get()), "{}\n");
}

TEST(TraceFile, APipeOfTheShellIsWrittenInto) {
  Pipe pipe;
  const std::string path = "/dev/fd/" + std::to_string(pipe.in.get());
  ASSERT_TRUE(check_trace_place(path));
  ASSERT_TRUE(write_trace(path, "{}", console(2)));
  pipe.in.reset();
  EXPECT_EQ(read_all(pipe.out.get()), "{}\n");
}

TEST(TraceFile, APlaceThatCannotBeWrittenIsKnownBeforeTheCall) {
  const Folder folder;
  const auto sentence = [](const std::string& path) {
    const auto checked = check_trace_place(path);
    return checked ? "" : checked.error().message;
  };
  EXPECT_EQ(sentence(""), "--trace needs a file name, or - for stderr");
  EXPECT_EQ(sentence(folder.path("")), "cannot write the trace to " + folder.path("") + ": Is a directory");
  EXPECT_EQ(sentence(folder.path("no/trace.json")),
            "cannot write the trace to " + folder.path("no/trace.json") + ": No such file or directory");
}

}  // namespace
}  // namespace belay::cli
