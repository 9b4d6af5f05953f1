#include "base/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "temp_folder.hpp"

namespace belay {
namespace {

namespace fs = std::filesystem;
using test::TempFolder;

std::size_t entries(const fs::path& dir) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(dir), fs::directory_iterator{}));
}

mode_t mode_of(const fs::path& path) {
  struct stat facts {};
  stat(path.c_str(), &facts);
  return facts.st_mode & 07777;
}

TEST(File, ReadsBackWhatWasWritten) {
  const TempFolder folder;
  const std::string content = std::string("a\0b\n", 4) + std::string(100'000, 'x');

  ASSERT_TRUE(write_file(folder / "f", content, 0600, Durable::yes));

  EXPECT_EQ(*read_file(folder / "f", 1 << 20), content);
}

TEST(File, OneThatIsAsLargeAsTheLimitIsReadALargerOneIsRefused) {
  const TempFolder folder;
  ASSERT_TRUE(write_file(folder / "f", "12345678", 0600, Durable::no));

  EXPECT_TRUE(read_file(folder / "f", 8));
  const auto refused = read_file(folder / "f", 7);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("larger than the 7 bytes"), std::string::npos) << refused.error().message;
}

TEST(File, TheLimitHoldsForFilesThatGrowWhileTheyAreRead) { EXPECT_FALSE(read_file("/dev/zero", 10)); }

// A sparse file of a terabyte must not make us ask for a terabyte of memory.
TEST(File, AHugeSizeIsRefusedBeforeMemoryIsTaken) {
  const TempFolder folder;
  std::ofstream(folder / "huge").close();
  ASSERT_EQ(truncate((folder / "huge").c_str(), off_t{1} << 40), 0);

  EXPECT_FALSE(read_file(folder / "huge", 1000));
}

TEST(File, AFolderIsNoFile) {
  const TempFolder folder;
  EXPECT_FALSE(read_file(folder.path(), 10));
}

TEST(File, APipeIsRefusedWithoutWaitingForItsWriter) {
  const TempFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);

  const auto refused = read_file(folder / "pipe", 10);

  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("not a regular file"), std::string::npos);
}

TEST(File, AMissingFileIsNamed) {
  const auto missing = read_file("/nowhere/at/all", 10);

  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "cannot read /nowhere/at/all: No such file or directory");
}

TEST(File, WritingSetsExactlyTheMode) {
  const TempFolder folder;
  const mode_t before = umask(077);

  ASSERT_TRUE(write_file(folder / "f", "x", 0644, Durable::no));

  umask(before);
  EXPECT_EQ(mode_of(folder / "f"), 0644u);
}

TEST(File, WritingLeavesNothingBesideTheFile) {
  const TempFolder folder;
  ASSERT_TRUE(write_file(folder / "f", "old", 0600, Durable::no));

  ASSERT_TRUE(write_file(folder / "f", "new", 0600, Durable::yes));

  EXPECT_EQ(entries(folder.path()), 1u);
  EXPECT_EQ(*read_file(folder / "f", 10), "new");
}

TEST(File, AFailedWriteLeavesTheOldFileAndNothingElse) {
  const TempFolder folder;
  fs::create_directory(folder / "taken");
  std::ofstream(folder / "taken" / "inside").close();

  EXPECT_FALSE(write_file(folder / "taken", "x", 0600, Durable::no));

  EXPECT_TRUE(fs::is_directory(folder / "taken"));
  EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(File, ASymbolicLinkStaysAndItsTargetIsReplaced) {
  const TempFolder folder;
  fs::create_directory(folder / "real");
  ASSERT_TRUE(write_file(folder / "real" / "login.json", "old", 0600, Durable::no));
  fs::create_symlink("real/login.json", folder / "login.json");

  ASSERT_TRUE(write_file(folder / "login.json", "new", 0600, Durable::yes));

  EXPECT_TRUE(fs::is_symlink(folder / "login.json"));
  EXPECT_EQ(*read_file(folder / "real" / "login.json", 10), "new");
}

TEST(File, TheOwnerOfAReplacedFileStays) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const TempFolder folder;
  ASSERT_TRUE(write_file(folder / "f", "old", 0600, Durable::no));
  ASSERT_EQ(chown((folder / "f").c_str(), 4711, 4712), 0);

  ASSERT_TRUE(write_file(folder / "f", "new", 0600, Durable::no));

  struct stat facts {};
  ASSERT_EQ(stat((folder / "f").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_uid, 4711u);
  EXPECT_EQ(facts.st_gid, 4712u);
}

TEST(File, AReaderSeesTheOldOrTheNewContentWhenTheWriterIsKilled) {
  const TempFolder folder;
  const std::string old(20'000, 'o'), fresh(30'000, 'n');
  ASSERT_TRUE(write_file(folder / "f", old, 0600, Durable::no));
  for (int round = 0; round < 20; ++round) {
    const pid_t writer = fork();
    if (writer == 0) {
      for (;;) {
        (void)write_file(folder / "f", fresh, 0600, Durable::no);
        (void)write_file(folder / "f", old, 0600, Durable::no);
      }
    }
    for (int reads = 0; reads < 50; ++reads) {
      const auto seen = read_file(folder / "f", 1 << 20);
      ASSERT_TRUE(seen);
      ASSERT_TRUE(*seen == old || *seen == fresh) << seen->size();
    }
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    const auto left = read_file(folder / "f", 1 << 20);
    ASSERT_TRUE(left && (*left == old || *left == fresh));
  }
}

TEST(Fd, ClosesWhatItOwnsOnce) {
  const int raw = open("/dev/null", O_RDONLY | O_CLOEXEC);
  {
    Fd first(raw);
    Fd second(std::move(first));
    EXPECT_FALSE(first);  // NOLINT: what moving leaves is what is tested
    EXPECT_EQ(second.get(), raw);
  }

  EXPECT_EQ(fcntl(raw, F_GETFD), -1);
}

}  // namespace
}  // namespace belay
