#include "nginx.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "server.hpp"

namespace belay::http::test {
namespace {

constexpr const char* program = "/usr/sbin/nginx";

int connected(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

}  // namespace

bool Nginx::installed() { return ::access(program, X_OK) == 0; }

Nginx::Nginx(const Certificates& certificates, std::uint16_t backend)
    : folder_(certificates.folder()), port_(closed_port()), status_port_(closed_port()) {
  const std::string config = folder_ + "/nginx.conf";
  std::ofstream(config) << "daemon off; master_process off; pid " << folder_ << "/nginx.pid; error_log " << folder_
                        << "/error.log;\n"
                        << "events { worker_connections 4096; }\n"
                        << "http { access_log off;\n"
                        << "  client_body_temp_path " << folder_ << "; proxy_temp_path " << folder_
                        << "; fastcgi_temp_path " << folder_ << "; uwsgi_temp_path " << folder_ << "; scgi_temp_path "
                        << folder_ << ";\n"
                        << "  server { listen 127.0.0.1:" << port_ << " ssl http2 backlog=4096; ssl_certificate "
                        << certificates.certificate_file() << "; ssl_certificate_key " << certificates.key_file()
                        << ";\n"
                        << "    location / { proxy_pass http://127.0.0.1:" << backend
                        << "; proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout 60s; } }\n"
                        << "  server { listen 127.0.0.1:" << status_port_ << "; location / { stub_status; } } }\n";
  pid_ = ::fork();
  if (pid_ == 0) {
    const int null = ::open("/dev/null", O_RDWR);
    ::dup2(null, 1);
    ::dup2(null, 2);
    ::execl(program, program, "-c", config.c_str(), "-p", folder_.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  // It says nothing when it is ready; asking is the only way.
  const auto until = std::chrono::steady_clock::now() + patience;
  int fd = -1;
  while ((fd = connected(status_port_)) < 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  if (fd < 0) throw std::runtime_error("nginx did not start");
  ::close(fd);
}

Nginx::~Nginx() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

int Nginx::connections() const {
  const int fd = connected(status_port_);
  const std::string ask = "GET / HTTP/1.0\r\n\r\n";
  if (::send(fd, ask.data(), ask.size(), MSG_NOSIGNAL) < 0) return -1;
  std::string text;
  char buffer[4096];
  for (std::ptrdiff_t got; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  ::close(fd);
  // "server accepts handled requests\n 7 7 12 \n"; each look costs a connection itself, so that only differences tell.
  const std::size_t at = text.find("requests\n");
  return at == std::string::npos ? -1 : std::atoi(text.c_str() + at + 9);
}

}  // namespace belay::http::test
