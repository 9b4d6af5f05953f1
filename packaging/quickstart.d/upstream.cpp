// Two simulated providers on loopback for packaging/quickstart: `team`, whose login has expired and can't be renewed, and `spare`, whose credits are
// used up. They answer as real ones do, word for word, and take about as long.
//
// Prints "team PORT" and "spare PORT", then serves until it is killed or its parent ends. Each request is a line on stderr.
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

namespace {

using namespace std::chrono_literals;

struct Reply {
  std::string_view status;
  std::string_view body;
  std::chrono::milliseconds after;
};

Reply team(std::string_view path) {
  if (path == "/oauth/token") {
    return {"400 Bad Request", R"({"error":"invalid_grant","error_description":"The refresh token has been revoked: the team's administrator ended all sessions"})", 350ms};
  }
  return {"401 Unauthorized", R"({"error":{"message":"The access token expired","type":"invalid_request_error","code":"token_expired"}})", 600ms};
}

Reply spare(std::string_view) {
  return {"402 Payment Required", R"({"error":{"message":"Insufficient credits: this account's balance is 0.00 USD. Add more credits to go on.","code":402}})", 450ms};
}

using Answer = Reply (*)(std::string_view path);

bool send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::size_t length_in(std::string_view head) {
  constexpr std::string_view name = "content-length:";
  for (std::size_t at = 0; at + name.size() < head.size(); ++at) {
    std::size_t same = 0;
    while (same < name.size() && (head[at + same] | 0x20) == (name[same] | 0x20)) ++same;
    if (same == name.size()) return std::strtoul(head.data() + at + same, nullptr, 10);
  }
  return 0;
}

/// Reads one request and returns its path; empty when the client has gone.
std::string read_request(int connection) {
  std::string got;
  std::size_t need = std::string::npos;
  while (got.size() < need) {
    char piece[16384];
    const ssize_t size = recv(connection, piece, sizeof piece, 0);
    if (size <= 0) return {};
    got.append(piece, static_cast<std::size_t>(size));
    const std::size_t end = got.find("\r\n\r\n");
    if (need != std::string::npos || end == std::string::npos) continue;
    const std::string head = got.substr(0, end);
    if (head.find("100-continue") != std::string::npos && !send_all(connection, "HTTP/1.1 100 Continue\r\n\r\n")) return {};
    need = end + 4 + length_in(head);
  }
  const std::size_t begin = got.find(' ') + 1;
  return got.substr(begin, got.find(' ', begin) - begin);
}

void serve(int connection, const char* name, Answer answer) {
  const timeval patience{30, 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  for (std::string path = read_request(connection); !path.empty(); path = read_request(connection)) {
    const Reply reply = answer(path);
    std::fprintf(stderr, "%s: %s -> %.*s\n", name, path.c_str(), static_cast<int>(reply.status.size()), reply.status.data());
    std::this_thread::sleep_for(reply.after);
    std::string out = "HTTP/1.1 ";
    out.append(reply.status).append("\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n").append(reply.body);
    if (!send_all(connection, out)) break;
  }
  close(connection);
}

/// Listens on a free port of loopback, says which, and answers there from now on.
bool open_provider(const char* name, Answer answer) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* address = reinterpret_cast<sockaddr*>(&at);
  if (listener < 0 || bind(listener, address, size) != 0 || listen(listener, 16) != 0 || getsockname(listener, address, &size) != 0) {
    std::perror(name);
    return false;
  }
  std::printf("%s %d\n", name, ntohs(at.sin_port));
  std::fflush(stdout);
  std::thread([=] {
    for (;;) {
      const int connection = accept(listener, nullptr, nullptr);
      if (connection >= 0) std::thread(serve, connection, name, answer).detach();
    }
  }).detach();
  return true;
}

}  // namespace

int main() {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (!open_provider("team", team) || !open_provider("spare", spare)) return 1;
  for (;;) pause();
}
