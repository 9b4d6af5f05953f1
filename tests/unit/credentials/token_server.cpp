#include "token_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace belay::credentials {
namespace {

void send_all(int fd, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = send(fd, text.data() + at, text.size() - at, MSG_NOSIGNAL);
    if (n <= 0) return;
    at += static_cast<std::size_t>(n);
  }
}

/// One whole message with Content-Length; "" when the other side went away.
std::string receive(int fd) {
  std::string text;
  char piece[4096];
  while (true) {
    const std::size_t end = text.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::size_t length = text.find("Content-Length: ");
      if (length != std::string::npos && text.size() >= end + 4 + std::stoul(text.substr(length + 16))) return text;
    }
    const ssize_t n = recv(fd, piece, sizeof piece, 0);
    if (n <= 0) return {};
    text.append(piece, static_cast<std::size_t>(n));
  }
}

std::string body_of(const std::string& message) { return message.substr(message.find("\r\n\r\n") + 4); }

}  // namespace

TokenServer::TokenServer() {
  listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listening_, generic, size) != 0 || listen(listening_, 64) != 0) throw std::runtime_error("no loopback");
  getsockname(listening_, generic, &size);
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

TokenServer::~TokenServer() { stop(); }

void TokenServer::stop() {
  if (!accepting_.joinable()) return;
  shutdown(listening_, SHUT_RDWR);
  accepting_.join();
  close(listening_);
  for (std::thread& thread : connections_) thread.join();
}

void TokenServer::on_request(std::function<bool()> then) {
  const std::lock_guard lock(mutex_);
  on_request_ = std::make_shared<std::function<bool()>>(std::move(then));
}

void TokenServer::before_answer(std::function<void()> then) {
  const std::lock_guard lock(mutex_);
  before_answer_ = std::make_shared<std::function<void()>>(std::move(then));
}

void TokenServer::accept_all() {
  while (true) {
    const int fd = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const std::lock_guard lock(mutex_);
    connections_.emplace_back([this, fd] {
      serve(fd);
      close(fd);
    });
  }
}

void TokenServer::serve(int fd) {
  const std::string request = receive(fd);
  if (request.empty()) return;
  std::shared_ptr<std::function<bool()>> arrived;
  std::shared_ptr<std::function<void()>> obeyed;
  {
    const std::lock_guard lock(mutex_);
    arrived = on_request_;
    obeyed = before_answer_;
  }
  if (arrived && !(*arrived)()) return;
  const std::string reply = answer(body_of(request));
  if (obeyed) (*obeyed)();
  send_all(fd, reply);
}

std::string TokenServer::answer(const std::string& body) {
  const std::lock_guard lock(mutex_);
  ++served_;
  std::string status = "200 OK", json;
  if (body.find("refresh_token=rt-SECRET-" + std::to_string(number_) + "&") != std::string::npos) {
    const std::string n = std::to_string(++number_);
    json = R"({"access_token":"at-SECRET-)" + n + R"(","refresh_token":"rt-SECRET-)" + n +
           R"(","token_type":"Bearer","expires_in":3600})";
  } else {
    ++reused_;
    status = "400 Bad Request";
    json = R"({"error":"invalid_grant"})";
  }
  return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) +
         "\r\n\r\n" + json;
}

HttpReply post(const HttpRequest& request, const std::function<void()>& sent) {
  HttpReply reply;
  const std::size_t port_at = request.url.rfind(':') + 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(request.url.substr(port_at))));
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    send_all(fd, "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(request.body.size()) +
                     "\r\n\r\n" + request.body);
    if (sent) sent();
    const std::string text = receive(fd);
    if (!text.empty()) {
      reply.status = std::stoi(text.substr(9, 3));
      reply.body = body_of(text);
    }
  }
  close(fd);
  if (reply.status == 0) reply.error = "the connection ended without a reply";
  return reply;
}

}  // namespace belay::credentials
