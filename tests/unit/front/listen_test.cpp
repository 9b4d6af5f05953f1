#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "front/front.hpp"

namespace belay::gateway {
namespace {

std::string complaint(std::string_view address) {
  const auto listening = listen(address, 1);
  EXPECT_FALSE(listening.ok()) << address;
  return listening ? "" : listening.error().message;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

class ListenUnix : public testing::Test {
 protected:
  ListenUnix() : folder_(testing::TempDir() + "belay-listen-XXXXXX") {
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
    path_ = folder_ + "/sock";
  }
  ~ListenUnix() override { std::filesystem::remove_all(folder_); }
  std::string folder_, path_;
};

TEST(Listen, EachWorkerGetsASocketOfTheSamePort) {
  const auto listening = listen("127.0.0.1:0", 3);
  ASSERT_TRUE(listening.ok()) << listening.error().message;
  ASSERT_EQ(listening->size(), 3u);
  EXPECT_EQ((*listening)[0].address, (*listening)[2].address);
  EXPECT_FALSE((*listening)[0].address.ends_with(":0"));
  EXPECT_TRUE((*listening)[1].local);
}

TEST(Listen, KnowsWhatIsLocal) {
  EXPECT_TRUE(listen("localhost:0", 1)->front().local);
  EXPECT_FALSE(listen("0.0.0.0:0", 1)->front().local);
}

TEST(Listen, SaysWhoIsThereAlready) {
  const auto first = listen("127.0.0.1:0", 2);
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(has(complaint(first->front().address), "another program listens there already")) << "sockets that share a port must not hide it";
}

TEST(Listen, SaysWhatAnAddressMustBe) {
  EXPECT_TRUE(has(complaint("7077"), "host and port"));
  EXPECT_TRUE(has(complaint(":7077"), "host and port"));
  EXPECT_TRUE(has(complaint("127.0.0.1:http"), "number up to 65535"));
  EXPECT_TRUE(has(complaint("127.0.0.1:70000"), "number up to 65535"));
  EXPECT_TRUE(has(complaint("127.0.0.1:"), "number up to 65535"));
  EXPECT_TRUE(has(complaint("::1:80"), "brackets"));
  EXPECT_TRUE(has(complaint("192.0.2.1:7077"), "no address of this machine"));
  EXPECT_TRUE(has(complaint("no such name:7077"), "no address is known"));
  EXPECT_TRUE(has(complaint("unix:"), "characters"));
  EXPECT_TRUE(has(complaint("unix:/" + std::string(200, 'x')), "characters"));
  EXPECT_TRUE(has(complaint("unix:/no/such/folder/sock"), "folder does not exist"));
}

TEST_F(ListenUnix, MakesASocketForOwnerAndGroupWhateverTheUmask) {
  const mode_t kept = ::umask(0007);
  for (const mode_t mask : {0000, 0077}) {
    ::umask(mask);
    const auto listening = listen("unix:" + path_, 4);
    ASSERT_TRUE(listening.ok()) << listening.error().message;
    EXPECT_EQ(listening->size(), 1u);
    EXPECT_EQ(listening->front().address, "unix:" + path_);
    EXPECT_TRUE(listening->front().local);
    struct stat about{};
    ASSERT_EQ(::stat(path_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0660u);
    ::unlink(path_.c_str());
  }
  ::umask(kept);
}

TEST_F(ListenUnix, ReplacesAStaleSocket) {
  { const auto killed = listen("unix:" + path_, 1); }
  ASSERT_TRUE(std::filesystem::exists(path_));
  EXPECT_TRUE(listen("unix:" + path_, 1).ok());
}

TEST_F(ListenUnix, LeavesALiveOneAlone) {
  const auto live = listen("unix:" + path_, 1);
  ASSERT_TRUE(live.ok());
  EXPECT_TRUE(has(complaint("unix:" + path_), "another program listens there already"));
}

TEST_F(ListenUnix, LeavesAFileAlone) {
  std::ofstream(path_) << "precious";
  EXPECT_TRUE(has(complaint("unix:" + path_), "no socket"));
  EXPECT_EQ(std::filesystem::file_size(path_), 8u);
}

}  // namespace
}  // namespace belay::gateway
