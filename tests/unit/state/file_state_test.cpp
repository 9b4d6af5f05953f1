// The folder of a file state: who may own it, what may stand in it, what a damaged file does.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/state.hpp"
#include "state_folder.hpp"

namespace belay {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::error_of_opening;
using test::open_state;
using test::put_file;
using test::TempFolder;

mode_t mode_of(const fs::path& path) {
  struct stat facts {};
  stat(path.c_str(), &facts);
  return facts.st_mode & 07777;
}

TEST(FileState, MakesItsFolderForItsOwnerOnly) {
  const TempFolder folder;
  const auto state = open_state(folder / "a/b/state");
  ASSERT_TRUE(state->put("grant/x", "1", Durable::yes));

  EXPECT_TRUE(state->shared());
  EXPECT_EQ(mode_of(folder / "a/b/state"), 0700u);
  EXPECT_EQ(mode_of(folder / "a/b/state/grant"), 0700u);
  EXPECT_EQ(mode_of(folder / "a/b/state/grant/x.json"), 0600u);
  EXPECT_EQ(mode_of(folder / "a/b/state/salt"), 0600u);
  EXPECT_EQ(content_of(folder / "a/b/state/grant/x.json"), "1");
}

TEST(FileState, ASlashAtTheEndMakesNoDifference) {
  const TempFolder folder;
  ASSERT_TRUE(open_state((folder / "state").string() + "/")->put("note/x", "1", Durable::no));

  EXPECT_EQ(**open_state(folder / "state")->get("note/x"), "1");
}

TEST(FileState, RecordsSaltAndCountersAreThereWhenOpenedAgain) {
  const TempFolder folder;
  std::string salt;
  {
    const auto state = open_state(folder.path());
    ASSERT_TRUE(state->put("note/x", "{}", Durable::no));
    state->count("pool/x", 7);
    salt = state->salt();
  }
  const auto again = open_state(folder.path());

  EXPECT_EQ(**again->get("note/x"), "{}");
  EXPECT_EQ(again->count("pool/x", 1), 7u);
  EXPECT_EQ(again->salt(), salt);
}

TEST(FileState, OpeningTellsTheOthersThatAnythingMayHaveChanged) {
  const TempFolder folder;
  const auto state = open_state(folder.path());
  const auto before = state->version(), hold_before = state->version("hold");

  const auto second = open_state(folder.path());

  EXPECT_GT(state->version(), before);
  EXPECT_GT(state->version("hold"), hold_before);
}

TEST(FileState, RefusesAFolderThatOthersMayWrite) {
  const TempFolder folder;
  for (const mode_t mode : {0770u, 0702u}) {
    ASSERT_EQ(chmod(folder.path().c_str(), mode), 0);
    const std::string why = error_of_opening(folder.path());
    EXPECT_NE(why.find("chmod go-w " + folder.path().string()), std::string::npos) << why;
  }
}

TEST(FileState, RefusesAFolderOfSomebodyElse) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a folder away and become somebody else";
  const TempFolder folder;
  ASSERT_EQ(chmod(folder.path().c_str(), 0755), 0);
  ASSERT_EQ(chown(folder.path().c_str(), 4711, 4711), 0);

  const bool refused = test::ended_well(test::in_process([&] {
    if (setgid(4712) != 0 || setuid(4712) != 0) return false;
    return error_of_opening(folder.path()).find("belongs to user 4711, but this process runs as user 4712") !=
           std::string::npos;
  }));

  EXPECT_TRUE(refused);
}

TEST(FileState, WhatRootMakesInTheFolderOfAUserBelongsToTheUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can do this";
  const TempFolder folder;
  ASSERT_EQ(chown(folder.path().c_str(), 4711, 4711), 0);
  ASSERT_TRUE(open_state(folder.path())->put("hold/x", "1", Durable::yes));

  for (const char* name : {"salt", "version", "locks", "hold", "hold/x.json"}) {
    struct stat facts {};
    ASSERT_EQ(stat((folder / name).c_str(), &facts), 0) << name;
    EXPECT_EQ(facts.st_uid, 4711u) << name;
  }
}

TEST(FileState, AFileInItsPlaceIsNamed) {
  const TempFolder folder;
  put_file(folder / "state", "x");

  EXPECT_NE(error_of_opening(folder / "state").find("is not a folder"), std::string::npos);
  EXPECT_EQ(content_of(folder / "state"), "x");
}

// Root in a user's folder (sudo belay reset) must not be led elsewhere.
TEST(FileState, SymbolicLinksInsideAreNotFollowed) {
  const TempFolder folder;
  fs::create_directory(folder / "elsewhere");
  const auto state = open_state(folder / "state");
  fs::create_symlink(folder / "elsewhere", folder / "state/hold");
  put_file(folder / "elsewhere/x.json", "1");

  EXPECT_FALSE(state->put("hold/y", "1", Durable::no));
  EXPECT_FALSE(state->get("hold/x"));
  EXPECT_FALSE(state->list("hold/"));
  EXPECT_FALSE(state->erase("hold/x"));
  EXPECT_TRUE(fs::exists(folder / "elsewhere/x.json"));
  EXPECT_FALSE(fs::exists(folder / "elsewhere/y.json"));
}

TEST(FileState, AWriterDoesNotWriteThroughALinkAtItsTemporaryName) {
  const TempFolder folder;
  const auto state = open_state(folder / "state");
  put_file(folder / "victim", "keep");
  fs::create_directory(folder / "state/hold");
  fs::create_symlink(folder / "victim", folder / "state/hold/x.json.new");

  EXPECT_TRUE(state->put("hold/x", "1", Durable::no));

  EXPECT_EQ(content_of(folder / "victim"), "keep");
  EXPECT_EQ(content_of(folder / "state/hold/x.json"), "1");
}

TEST(FileState, ADamagedRecordIsAnErrorThatNamesItsFileAndStays) {
  const TempFolder folder;
  const auto state = open_state(folder.path());
  for (const std::string& damage :
       {std::string("{\"a\":"), std::string(""), std::string("\0\0\0", 3), std::string(70'000, ' ') + "1"}) {
    put_file(folder / "grant/x.json", damage);

    for (const auto& message : {state->get("grant/x").error().message, state->list("grant/").error().message,
                                state
                                    ->update(
                                        "grant/x", [](const auto& old) { return old; }, Durable::no)
                                    .error()
                                    .message}) {
      EXPECT_NE(message.find((folder / "grant/x.json").string() + " is damaged"), std::string::npos) << message;
    }
    EXPECT_EQ(content_of(folder / "grant/x.json"), damage);
  }
}

TEST(FileState, ADamagedRecordCanBeReplacedOrErased) {
  const TempFolder folder;
  const auto state = open_state(folder.path());
  put_file(folder / "grant/x.json", "{");
  put_file(folder / "grant/y.json", "{");

  EXPECT_TRUE(state->put("grant/x", "1", Durable::no));
  EXPECT_TRUE(state->erase("grant/y"));

  EXPECT_EQ(state->list("grant/")->size(), 1u);
}

TEST(FileState, AnAreaThatIsNoFolderIsAnErrorNotAnEmptyArea) {
  const TempFolder folder;
  const auto state = open_state(folder.path());
  put_file(folder / "hold", "x");

  EXPECT_FALSE(state->list("hold/"));
  EXPECT_FALSE(state->get("hold/x"));
  EXPECT_FALSE(state->put("hold/x", "1", Durable::no));
}

TEST(FileState, ForeignFilesAreNoRecords) {
  const TempFolder folder;
  const auto state = open_state(folder.path());
  ASSERT_TRUE(state->put("note/x", "1", Durable::no));
  put_file(folder / "note/.hidden.json", "1");
  put_file(folder / "note/README", "1");
  put_file(folder / "note/a b.json", "1");  // we would have written a%20b

  EXPECT_EQ(state->list("note/")->size(), 1u);
}

TEST(FileState, ADamagedSaltIsNotReplaced) {
  const TempFolder folder;
  (void)open_state(folder.path());
  for (const std::string& damage :
       {std::string("short\n"), std::string(64, 'x') + "\n", std::string(""), std::string(5000, 'a')}) {
    put_file(folder / "salt", damage);

    const std::string why = error_of_opening(folder.path());

    EXPECT_NE(why.find((folder / "salt").string() + " is damaged"), std::string::npos) << why;
    EXPECT_EQ(content_of(folder / "salt"), damage);
  }
}

TEST(FileState, AForeignVersionPageIsLeftAsItIs) {
  const TempFolder folder;
  put_file(folder / "version", "something else");
  ASSERT_EQ(chmod(folder.path().c_str(), 0700), 0);

  EXPECT_NE(error_of_opening(folder.path()).find("is not a version page of this belay"), std::string::npos);
  EXPECT_EQ(content_of(folder / "version"), "something else");
}

TEST(FileState, AnEmptiedVersionPageIsFilledAgain) {
  const TempFolder folder;
  (void)open_state(folder.path());
  put_file(folder / "version", "");

  const auto state = open_state(folder.path());

  EXPECT_GT(state->version(), 0u);
  EXPECT_EQ(fs::file_size(folder / "version"), 4096u);
}

TEST(FileState, WhatAKilledWriterLeftIsSweptAwayWhenOpened) {
  const TempFolder folder;
  (void)open_state(folder.path());
  put_file(folder / "grant/x.json", "1");
  put_file(folder / "grant/x.json.new", "{\"half");

  const auto state = open_state(folder.path());

  EXPECT_FALSE(fs::exists(folder / "grant/x.json.new"));
  EXPECT_EQ(**state->get("grant/x"), "1");
}

TEST(FileState, KeepsWorkingWhenItsFolderIsMoved) {
  const TempFolder folder;
  const auto state = open_state(folder / "state");
  fs::rename(folder / "state", folder / "moved");

  ASSERT_TRUE(state->put("note/x", "1", Durable::yes));

  EXPECT_EQ(content_of(folder / "moved/note/x.json"), "1");
  EXPECT_FALSE(fs::exists(folder / "state"));
}

TEST(FileState, AFullDescriptorTableIsAnErrorNotAnEmptyList) {
  const TempFolder folder;
  const auto state = open_state(folder.path());
  ASSERT_TRUE(state->put("hold/x", "1", Durable::no));
  std::vector<Fd> all;
  for (int fd = 0; (fd = dup(0)) >= 0;) all.emplace_back(fd);

  const bool listed = state->list("hold/").ok(), got = state->get("hold/x").ok();
  all.clear();

  EXPECT_FALSE(listed);
  EXPECT_FALSE(got);
}

}  // namespace
}  // namespace belay
