// Who could have put a file where it is. Folders and files of these tests belong to the caller and lie below a folder
// with the sticky bit.
#include "trust.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.hpp"
#include "fixtures.hpp"
#include "plugin_file.hpp"

namespace belay::plugins {
namespace {

namespace fs = std::filesystem;

void set_mode(const std::string& path, unsigned mode) { fs::permissions(path, static_cast<fs::perms>(mode)); }

std::string refusal(const std::string& path, Trust trust = Trust::packaged) {
  const auto origin = provenance_of(path, trust);
  return origin ? "" : origin.error().message;
}

TEST(Trust, OwnFileInAnOwnFolderIsTrusted) {
  TempDir dir;
  const auto file = dir.put("a.so", "x");

  const auto origin = provenance_of(file, Trust::packaged);

  ASSERT_TRUE(origin) << origin.error().message;
  EXPECT_EQ(origin->verdict,
            ::geteuid() == 0 ? "owner root, not writable by others" : "owner the caller, not writable by others");
}

TEST(Trust, FileThatItsGroupMayWriteIsNot) {
  TempDir dir;
  const auto file = dir.put("a.so", "x", 0664);

  EXPECT_EQ(refusal(file), "is not trusted: the file " + file + " is writable by its group (chmod go-w " + file + ")");
}

TEST(Trust, FolderThatEverybodyMayWriteIsNot) {
  TempDir dir;
  const auto file = dir.put("a.so", "x");
  set_mode(dir.path(), 0777);

  EXPECT_EQ(refusal(file),
            "is not trusted: the folder " + dir.path() + " is writable by everybody (chmod go-w " + dir.path() + ")");
}

TEST(Trust, StickyFolderIsTrustedAsFarAsItsOwnersGo) {
  TempDir dir;
  const auto file = dir.put("a.so", "x");
  set_mode(dir.path(), 01777);

  EXPECT_EQ(refusal(file), "");
}

TEST(Trust, SetUserIdIsNot) {
  TempDir dir;
  const auto file = dir.put("a.so", "x");
  set_mode(file, 04755);

  EXPECT_EQ(refusal(file),
            "is not trusted: the file " + file + " is set-user-ID or set-group-ID (chmod ug-s " + file + ")");
}

TEST(Trust, FileOfSomebodyElseIsNot) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  TempDir dir;
  const auto file = dir.put("a.so", "x");
  ASSERT_EQ(::chown(file.c_str(), 65534, 65534), 0);

  EXPECT_EQ(refusal(file),
            "is not trusted: the file " + file + " belongs to user 65534 (it must belong to root or to user 0)");
}

TEST(Trust, LinkIsFollowedAndEveryFolderOnTheWayIsLookedAt) {
  TempDir dir, other;
  const auto file = other.put("a.so", "x");
  fs::create_symlink(file, dir / "a.so");

  EXPECT_EQ(provenance_of(dir / "a.so", Trust::packaged)->real_path, fs::canonical(file).string());
  set_mode(other.path(), 0777);
  EXPECT_THAT(refusal(dir / "a.so"), testing::HasSubstr("the folder " + other.path() + " is writable by everybody"));
}

TEST(Trust, LinkInAFolderThatOthersMayWriteIsNot) {
  TempDir dir, other;
  fs::create_symlink(other.put("a.so", "x"), dir / "a.so");
  set_mode(dir.path(), 0777);

  EXPECT_THAT(refusal(dir / "a.so"), testing::HasSubstr("the folder " + dir.path() + " is writable by everybody"));
}

TEST(Trust, LinksInACircleEnd) {
  TempDir dir;
  fs::create_symlink(dir / "b.so", dir / "a.so");
  fs::create_symlink(dir / "a.so", dir / "b.so");

  EXPECT_THAT(refusal(dir / "a.so"), testing::HasSubstr("Too many levels of symbolic links"));
}

TEST(Trust, DotsAreWalkedLikeTheKernelDoes) {
  TempDir dir;
  fs::create_directory(dir / "sub");
  const auto file = dir.put("a.so", "x");

  EXPECT_EQ(provenance_of(dir / "sub/./.././a.so", Trust::packaged)->real_path, fs::canonical(file).string());
}

TEST(Trust, AnyAsksForNothing) {
  TempDir dir;
  EXPECT_EQ(provenance_of(dir.put("a.so", "x", 0666), Trust::any)->verdict, "not asked for (trust = any)");
}

TEST(Trust, SignedIsRefusedByABuildThatCannotCheckIt) {
  TempDir dir;
  dir.put_fixture("good");
  Registry registry(settings_for({dir.path()}, Trust::signed_), services());

  EXPECT_EQ(registry.files()[0].state, FileState::refused);
  EXPECT_THAT(
      registry.descriptor("good").error().message,
      testing::HasSubstr(
          "trust = \"signed\" is not among what this build can check (right would be \"packaged\" or \"listed\")"));
}

TEST(Trust, ListedFileNeedsItsHash) {
  TempDir dir;
  const auto file = dir.put_fixture("good");
  const auto hash = to_hex(sha256(bytes_of(file)));
  auto settings = settings_for({dir.path()}, Trust::listed);

  const Registry without(settings, services());
  settings.policies["good"].sha256 = {std::string(64, '0'), hash};
  Registry with(settings, services());

  EXPECT_EQ(without.files()[0].why,
            "is not trusted: its sha256 " + hash + " is not in [plugins.good] sha256, which lists 0");
  EXPECT_TRUE(with.descriptor("good"));
  EXPECT_THAT(with.files()[0].trust, testing::HasSubstr("not writable by others, sha256 listed"));
}

TEST(Trust, UntrustedFileIsNeitherReadNorMapped) {
  TempDir dir;
  const auto file = dir.put_fixture("good", 0666);

  const auto report = Registry::inspect(file, settings_for({}, Trust::packaged), nullptr);

  EXPECT_EQ(report.state, FileState::refused);
  EXPECT_FALSE(report.note);
  EXPECT_THAT(report.why, testing::HasSubstr("writable by everybody"));
}

TEST(PluginFile, OnlyRegularFilesAreRead) {
  TempDir dir;
  fs::create_directory(dir / "a.so");
  ASSERT_EQ(::mkfifo((dir / "b.so").c_str(), 0600), 0);

  EXPECT_EQ(read_plugin_file(dir / "a.so").error().message, "is no regular file");
  EXPECT_EQ(read_plugin_file(dir / "b.so").error().message, "is no regular file");
  EXPECT_EQ(read_plugin_file(dir.put("c.so", "")).error().message, "is empty");
  EXPECT_EQ(*read_plugin_file(dir.put("d.so", "content")), "content");
}

TEST(PluginFile, OneThatIsBeingWrittenIsNotRead) {
  TempDir dir;
  const auto file = dir.put("a.so", "half of it");
  const Fd writer(::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));

  const auto read = read_plugin_file(file);

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "is being written to (replace plugin files by a rename)");
}

}  // namespace
}  // namespace belay::plugins
