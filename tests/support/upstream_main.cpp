// An upstream on loopback as a program, for scripts: prints its origin, answers every chat request with a completion until its standard input ends.
#include <unistd.h>

#include <cstdio>

#include "upstream.hpp"

int main() {
  belay::test::Upstream upstream([](const belay::test::UpstreamRequest&) { return belay::test::UpstreamReply::completion(std::string(1000, 'a')); });
  std::printf("%s\n", upstream.origin().c_str());
  std::fflush(stdout);
  char ignored[256];
  while (::read(STDIN_FILENO, ignored, sizeof ignored) > 0) {
  }
  return 0;
}
