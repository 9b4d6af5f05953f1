#include "client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace belay::gateway::test {

std::optional<std::string> Answer::field(std::string_view name) const {
  const std::string mark = "\r\n" + std::string(name) + ": ";
  const std::size_t at = head.find(mark);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t from = at + mark.size();
  return head.substr(from, head.find("\r\n", from) - from);
}

Client::Client(const Rig& rig) {
  const timeval limit{patience.count(), 0};
  int connected = -1;
  if (rig.address().starts_with("unix:")) {
    fd_ = Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path, rig.address().c_str() + 5, sizeof to.sun_path - 1);
    connected = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to);
  } else {
    fd_ = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(rig.port()));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to);
    const int on = 1;
    ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  EXPECT_EQ(connected, 0) << std::strerror(errno);
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

Client::Client(const Rig& rig, SSL_CTX* context, std::string_view alpn) : Client(rig) {
  tls_.reset(SSL_new(context));
  SSL_set_fd(tls_.get(), fd_.get());
  if (!alpn.empty()) {
    const std::string list = std::string(1, static_cast<char>(alpn.size())) + std::string(alpn);
    SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(list.data()), static_cast<unsigned>(list.size()));
  }
  greeted_ = SSL_connect(tls_.get()) == 1;
}

Client::~Client() = default;

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) : ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Client::send_bytewise(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (!send(bytes.substr(i, 1))) return false;
  }
  return true;
}

bool Client::request(std::string_view method, std::string_view target, std::string_view body, std::string_view more) {
  std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more);
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return send(text + "\r\n" + std::string(body));
}

bool Client::more() {
  char piece[16384];
  const auto got = tls_ ? SSL_read(tls_.get(), piece, sizeof piece) : ::recv(fd_.get(), piece, sizeof piece, 0);
  if (got < 0 && errno == ECONNRESET) reset_ = true;
  if (got < 0 && errno == EAGAIN) waited_in_vain_ = true;
  if (got <= 0) return false;
  in_.append(piece, static_cast<std::size_t>(got));
  return true;
}

bool Client::until(std::string_view mark, std::string& out) {
  std::size_t at = 0;
  while ((at = in_.find(mark)) == std::string::npos) {
    if (!more()) return false;
  }
  out = in_.substr(0, at + mark.size());
  in_.erase(0, at + mark.size());
  return true;
}

bool Client::exactly(std::size_t size, std::string& out) {
  while (in_.size() < size) {
    if (!more()) return false;
  }
  out.append(in_, 0, size);
  in_.erase(0, size);
  return true;
}

bool Client::read_chunks(std::string& out) {
  for (;;) {
    std::string line, end;
    if (!until("\r\n", line)) return false;
    const std::size_t size = std::stoul(line, nullptr, 16);
    if (!exactly(size, out) || !until("\r\n", end) || end != "\r\n") return false;
    if (size == 0) return true;
  }
}

Answer Client::answer(bool to_head) {
  Answer out;
  if (!until("\r\n\r\n", out.head)) return out;
  out.status = std::atoi(out.head.c_str() + 9);
  if (to_head || out.status < 200 || out.status == 204) return out;
  if (const auto size = out.field("content-length")) {
    out.whole = exactly(std::stoul(*size), out.body);
  } else if (out.field("transfer-encoding")) {
    out.whole = read_chunks(out.body);
  } else {
    out.body = rest();
  }
  return out;
}

bool Client::at_end() { return in_.empty() && !more() && !waited_in_vain_; }

std::string Client::rest() {
  while (more()) {
  }
  return std::exchange(in_, {});
}

void Client::half_close() { ::shutdown(fd_.get(), SHUT_WR); }

void Client::reset() {
  const linger now{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  fd_.reset();
}

void Client::shrink_receive_buffer() {
  const int small = 64 << 10;
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
}

}  // namespace belay::gateway::test
