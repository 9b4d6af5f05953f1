#include "promtool.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "rig.hpp"

namespace belay::gateway::test {

Ran promtool(const std::vector<std::string>& arguments, const std::string& input) {
  const Folder folder;
  const std::string in = folder.file("in"), out = folder.file("out");
  if (auto written = write_file(in, input, 0600, Durable::no); !written)
    throw std::runtime_error(written.error().message);
  std::vector<std::string> words = {"/bin/sh", "-c", "exec promtool \"$@\" <\"$0\" 2>&1", in};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  Ran ran;
  char piece[4096];
  for (ssize_t size = 0; (size = ::read(ends[0], piece, sizeof piece)) > 0;)
    ran.said.append(piece, static_cast<std::size_t>(size));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (ran.exit == 127) throw std::runtime_error("promtool is missing; run: bash packaging/install-packages test");
  return ran;
}

}  // namespace belay::gateway::test
