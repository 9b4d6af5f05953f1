// Pipes, folders and child processes that tests need.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "base/file.hpp"

namespace belay::cli {

struct Pipe {
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == 0) out = Fd(ends[0]), in = Fd(ends[1]);
  }
  /// Makes the pipe take nothing more. Returns how much it holds.
  std::size_t fill() {
    const int flags = fcntl(in.get(), F_GETFL);
    fcntl(in.get(), F_SETFL, flags | O_NONBLOCK);
    std::size_t held = 0;
    const std::string piece(4096, 'x');
    for (ssize_t n = 0; (n = write(in.get(), piece.data(), piece.size())) > 0;) held += static_cast<std::size_t>(n);
    fcntl(in.get(), F_SETFL, flags);
    return held;
  }
  Fd out, in;  ///< read from `out` what was written to `in`
};

/// Everything up to the end.
inline std::string read_all(int fd) {
  std::string text;
  char piece[4096];
  for (ssize_t n = 0; (n = read(fd, piece, sizeof piece)) > 0;) text.append(piece, static_cast<std::size_t>(n));
  return text;
}

/// A folder of its own, gone with everything in it when this goes away.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "belay-cli-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
  /// Returns the file's path.
  [[nodiscard]] std::string with(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name)) << content;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

struct Ended {
  int code = -1;    ///< exit code, or -1
  int signal = 0;   ///< that ended it, or 0
  std::string out;  ///< what it wrote to stdout
  std::string err;
};

/// Runs `body` in a child process with pipes for its output and nothing to read.
inline Ended in_child(const std::function<int()>& body) {
  Pipe out, err;
  const pid_t child = fork();
  if (child == 0) {
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, 0);
    dup2(out.in.get(), 1);
    dup2(err.in.get(), 2);
    _exit(body());
  }
  out.in.reset();
  err.in.reset();
  Ended ended;
  ended.out = read_all(out.out.get());
  ended.err = read_all(err.out.get());
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  return ended;
}

/// The same for a shell command.
inline Ended shell(const std::string& command) {
  return in_child([&] {
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    return 127;
  });
}

inline bool installed(const std::string& program) { return shell("command -v " + program + " >/dev/null").code == 0; }

}  // namespace belay::cli
