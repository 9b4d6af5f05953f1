// Threads of one process that call at the same moment: storm CONFIG THREADS. Waits for a line on standard input, makes one call per thread on route r, and
// prints one line of JSON: how many were answered, and what the others said.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

#include "base/json.hpp"
#include "config/load.hpp"
#include "runtime/runtime.hpp"

int main(int argc, char** argv) {
  using namespace belay;
  if (argc != 3) return 2;
  auto loaded = config::load(config::process_environment(), std::filesystem::path(argv[1]));
  for (const auto& error : loaded.errors) std::fprintf(stderr, "%s\n", error.text().c_str());
  if (!loaded.errors.empty()) return 2;
  auto runtime = runtime::Runtime::open(std::move(loaded.settings));
  if (!runtime) {
    std::fprintf(stderr, "%s\n", runtime.error().message.c_str());
    return 2;
  }
  std::puts("ready");
  std::fflush(stdout);
  if (std::getchar() == EOF) return 2;

  const auto count = static_cast<std::size_t>(std::atoi(argv[2]));
  std::vector<runtime::CallResult> results(count);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      runtime::CallRequest request;
      request.body = R"({"messages":[{"role":"user","content":"ping"}]})";
      request.route = "r";
      results[i] = (*runtime)->call(std::move(request));
    });
  }
  for (auto& thread : threads) thread.join();

  int answered = 0;
  std::string errors;
  for (const auto& result : results) {
    if (result.ok()) ++answered;
    else errors += (errors.empty() ? "" : ",") + json::quoted(result.error);
  }
  std::printf("{\"answered\":%d,\"errors\":[%s]}\n", answered, errors.c_str());
  return 0;
}
