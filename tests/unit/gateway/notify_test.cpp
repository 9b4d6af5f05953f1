// What the service manager is told.
#include "gateway/notify.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace belay::gateway {
namespace {

TEST(Notify, TellsTheSocketThatTheManagerNames) {
  const std::string path = (std::filesystem::temp_directory_path() / ("belay-notify-" + std::to_string(getpid()))).string();
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  setenv("NOTIFY_SOCKET", path.c_str(), 1);
  char text[128] = {};

  notify_manager("READY=1");
  EXPECT_EQ(recv(fd, text, sizeof text, MSG_DONTWAIT), 7);
  EXPECT_EQ(std::string(text, 7), "READY=1");

  notify_reloading();
  const auto size = recv(fd, text, sizeof text, MSG_DONTWAIT);
  ASSERT_GT(size, 0);
  EXPECT_TRUE(std::string(text, static_cast<std::size_t>(size)).starts_with("RELOADING=1\nMONOTONIC_USEC="));

  unsetenv("NOTIFY_SOCKET");
  notify_manager("STOPPING=1");
  EXPECT_LT(recv(fd, text, sizeof text, MSG_DONTWAIT), 0);
  close(fd);
  unlink(path.c_str());
}

}  // namespace
}  // namespace belay::gateway
