// What the tests of the file state share.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "state/state.hpp"
#include "temp_folder.hpp"

namespace belay::test {

inline std::unique_ptr<state::State> open_state(const std::filesystem::path& dir) {
  auto opened = state::open("file:" + dir.string());
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? std::move(*opened) : nullptr;
}

inline std::string error_of_opening(const std::filesystem::path& dir) {
  const auto opened = state::open("file:" + dir.string());
  return opened ? "" : opened.error().message;
}

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void put_file(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

/// Runs `work` in a process of its own, which ends without running this one's destructors. `work` returns whether all
/// was well.
template <typename Work>
pid_t in_process(Work work) {
  const pid_t pid = fork();
  if (pid == 0) _exit(work() ? 0 : 1);
  return pid;
}

inline bool ended_well(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace belay::test
