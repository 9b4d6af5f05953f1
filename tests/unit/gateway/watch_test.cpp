// Changes of configuration files.
#include "gateway/watch.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <filesystem>
#include <fstream>

namespace belay::gateway {
namespace {

namespace fs = std::filesystem;

class WatchFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "belay-watch-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    write("belay.toml");
    auto made = Watch::create();
    ASSERT_TRUE(made);
    watch_.emplace(std::move(*made));
    watch_->files({(folder_ / "belay.toml").string()});
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name) const { std::ofstream(folder_ / name) << "x"; }
  bool woken() {
    pollfd watched{watch_->descriptor(), POLLIN, 0};
    return poll(&watched, 1, 0) == 1;
  }

  fs::path folder_;
  std::optional<Watch> watch_;
};

TEST_F(WatchFiles, AreSeen) {
  EXPECT_FALSE(woken());
  write("belay.toml");
  EXPECT_TRUE(woken());
  EXPECT_TRUE(watch_->changed());
  EXPECT_FALSE(woken());
}

TEST_F(WatchFiles, AreSeenWhenTheyAreReplaced) {
  write(".belay.toml.swp");
  EXPECT_FALSE(watch_->changed()) << "what an editor does beside it";
  fs::rename(folder_ / ".belay.toml.swp", folder_ / "belay.toml");
  EXPECT_TRUE(watch_->changed());
}

TEST_F(WatchFiles, ANewOneBesideThemIsSeen) {
  write("extra.toml");
  EXPECT_TRUE(watch_->changed());
  write("notes.txt");
  EXPECT_FALSE(watch_->changed());
}

TEST_F(WatchFiles, WhatHappensWhileTheListIsRenewedIsNotLost) {
  write("belay.toml");
  watch_->files({(folder_ / "belay.toml").string()});
  EXPECT_TRUE(watch_->changed());
}

TEST_F(WatchFiles, WhatALinkLeadsToIsWatchedToo) {
  fs::create_directory(folder_ / "data");
  write("data/real.toml");
  fs::create_symlink("data/real.toml", folder_ / "link.toml");
  watch_->files({(folder_ / "link.toml").string()});
  write("data/real.toml");
  EXPECT_TRUE(watch_->changed());
}

TEST_F(WatchFiles, APluginInAFolderOfPluginsIsSeen) {
  fs::create_directory(folder_ / "plugins");
  watch_->files({(folder_ / "belay.toml").string()}, {(folder_ / "plugins/").string()});
  write("plugins/acme.so.fresh");
  EXPECT_FALSE(watch_->changed()) << "what a package manager does before the rename";
  fs::rename(folder_ / "plugins/acme.so.fresh", folder_ / "plugins/acme.so");
  EXPECT_TRUE(watch_->changed());
  write("plugins/acme.so");
  EXPECT_TRUE(watch_->changed());
  fs::remove(folder_ / "plugins/acme.so");
  EXPECT_TRUE(watch_->changed());
  write("plugins/notes.toml");
  EXPECT_FALSE(watch_->changed()) << "no configuration lies there";
  write("belay.toml");
  EXPECT_TRUE(watch_->changed());
}

TEST_F(WatchFiles, AFolderOfPluginsThatIsMadeLaterIsSeen) {
  watch_->files({}, {(folder_ / "plugins").string()});
  fs::create_directory(folder_ / "plugins");
  EXPECT_TRUE(watch_->changed());
}

TEST_F(WatchFiles, APluginBesideTheConfigurationIsSeen) {
  watch_->files({(folder_ / "belay.toml").string()}, {folder_.string()});
  write("acme.so");
  EXPECT_TRUE(watch_->changed());
  write("extra.toml");
  EXPECT_TRUE(watch_->changed());
}

}  // namespace
}  // namespace belay::gateway
