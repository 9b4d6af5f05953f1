// Another process that shares the state: refreshes one login through a real token endpoint, and dies where the test
// says.
//
//     credentials_child STATE URL SECRETS WHAT THREADS
//
// It writes "ready", waits for a byte on its standard input, then asks for THREADS refreshes at once, writes "asked"
// and a line for each: outcome, generation, the secret that would be sent, message. WHAT is "" or where to die: hook,
// send, reply, done.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <future>
#include <iostream>
#include <string>
#include <vector>

#include "credentials/store.hpp"
#include "token_server.hpp"

using namespace belay;
using namespace belay::credentials;

namespace {

void die_if(bool now) {
  if (now) kill(getpid(), SIGKILL);
}

std::vector<PoolSettings> pools(const std::string& url, const std::string& secrets) {
  CredentialSettings login;
  login.id = "main";
  login.type = "oauth2";
  login.fields = {{"token_url", url}, {"client_id", "belay"}};
  login.sources["access_token"] = parse_source("file:" + secrets + "#/access_token").value();
  login.sources["refresh_token"] = parse_source("file:" + secrets + "#/refresh_token").value();
  return {{.provider = "p", .origin = "http://127.0.0.1:9", .credentials = {login}}};
}

Options options(const std::string& where) {
  Options options;
  options.hook_limit = [](const std::string&) { return Millis(20'000); };
  options.hook = [where](const HookInput& input) {
    die_if(where == "hook");
    const auto http = [&](const HttpRequest& request, MonoTime, const CancelToken&) {
      die_if(where == "send");
      HttpReply reply = post(request);
      die_if(where == "reply");
      return reply;
    };
    return default_refresh(input, http, system_clock());
  };
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const std::string where = argv[4];
  auto state = state::open(std::string("file:") + argv[1]);
  if (!state) {
    std::cout << state.error().message << '\n';
    return 1;
  }
  Workers workers;
  Store store(**state, system_clock(), system_random(), workers, pools(argv[2], argv[3]), options(where));
  const auto before = store.lookup("p", "main", Read::cached);
  std::cout << "ready" << std::endl;
  char byte = 0;
  if (read(STDIN_FILENO, &byte, 1) != 1) return 3;

  std::vector<std::promise<RefreshResult>> results(static_cast<std::size_t>(std::atoi(argv[5])));
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back([&] {
      RefreshRequest request;
      request.provider = "p";
      request.id = "main";
      request.failed_generation = before.snapshot ? before.snapshot->generation : 0;
      request.wait_until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
      store.refresh(request, [&](RefreshResult done) { result.set_value(std::move(done)); });
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::cout << "asked" << std::endl;
  for (auto& result : results) {
    const RefreshResult done = result.get_future().get();
    die_if(where == "done");
    const auto now = store.lookup("p", "main", Read::cached);
    std::string secret;
    for (const Field& field : now.snapshot ? now.snapshot->fields : std::vector<Field>{}) secret = field.value.reveal();
    std::cout << to_string(done.outcome) << ' ' << done.generation << ' ' << secret << ' ' << done.message << '\n';
  }
  return 0;
}
