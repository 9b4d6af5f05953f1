// Fuzz target: one connection of the gateway's front, over a socket pair. Input: one byte that seeds the cuts, then what the client sends before it half-closes.
// Oracles:
//   - whatever pieces the bytes come in, the service sees the same requests and the client the same replies;
//   - each request that the service sees is one that a strict reader of its own (below, written from RFC 9112) finds at that place, with the same body;
//   - one reply a request, well framed, none behind one that closes; and the connection ends.
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "hall.hpp"

namespace {

using namespace belay;
using namespace belay::gateway;

[[noreturn]] void broken(const char* what, const std::string& detail) {
  std::fprintf(stderr, "%s\n%s\n", what, detail.c_str());
  std::abort();
}

// ------------------------------------------------------------------------------------------------------------------ a strict reader

/// "METHOD path?query|body", as Seeing tells it.
std::string told(std::string_view method, std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size()) continue;
    std::string lower(target.substr(0, scheme.size()));
    for (auto& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    if (lower != scheme) continue;
    const auto rest = target.substr(scheme.size());
    const auto at = rest.find_first_of("/?");
    std::string path(at == std::string_view::npos ? std::string_view() : rest.substr(at));
    if (!path.starts_with('/')) path.insert(0, "/");
    return std::string(method) + " " + path;
  }
  return std::string(method) + " " + std::string(target);
}

class Strict {
 public:
  explicit Strict(std::string_view bytes) : rest_(bytes) {}

  /// The next request, or nothing when there is no whole legal one.
  std::optional<std::string> next() {
    while (rest_.starts_with("\r\n")) rest_.remove_prefix(2);
    const auto line = take_line();
    if (!line) return std::nullopt;
    const auto first = line->find(' '), last = line->rfind(' ');
    if (first == std::string_view::npos || first == last || line->find(' ', first + 1) != last) return std::nullopt;
    const auto version = line->substr(last + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return std::nullopt;
    std::string out = told(line->substr(0, first), line->substr(first + 1, last - first - 1));
    if (out.find('?') == out.size() - 1) out.pop_back();  // an empty query is told as none
    std::vector<std::string> lengths, codings;
    if (!take_fields(&lengths, &codings) || lengths.size() + codings.size() > 1) return std::nullopt;
    auto body = codings.empty() ? sized(lengths) : codings[0] == "chunked" ? chunked() : std::nullopt;
    if (!body) return std::nullopt;
    return out + "|" + *body;
  }

 private:
  std::optional<std::string_view> take_line() {
    const auto end = rest_.find("\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = rest_.substr(0, end);
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) return std::nullopt;
    rest_.remove_prefix(end + 2);
    return line;
  }

  bool take_fields(std::vector<std::string>* lengths, std::vector<std::string>* codings) {
    for (;;) {
      const auto line = take_line();
      if (!line) return false;
      if (line->empty()) return true;
      const auto colon = line->find(':');
      if (colon == std::string_view::npos || colon == 0) return false;
      std::string name(line->substr(0, colon)), value(line->substr(colon + 1));
      if (name.find_first_of(" \t") != std::string::npos) return false;
      const auto lower = [](std::string& text) { std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; }); };
      lower(name);
      lower(value);
      while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.pop_back();
      value.erase(0, std::min(value.find_first_not_of(" \t"), value.size()));
      if (lengths != nullptr && name == "content-length") lengths->push_back(value);
      if (codings != nullptr && name == "transfer-encoding") codings->push_back(value);
    }
  }

  std::optional<std::string> take(std::size_t size) {
    if (size > rest_.size()) return std::nullopt;
    std::string out(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return out;
  }

  std::optional<std::string> sized(const std::vector<std::string>& lengths) {
    if (lengths.empty()) return "";
    if (lengths[0].empty() || lengths[0].size() > 19 || lengths[0].find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    return take(std::stoull(lengths[0]));
  }

  std::optional<std::string> chunked() {
    std::string out;
    for (;;) {
      const auto line = take_line();
      if (!line) return std::nullopt;
      const auto digits = line->substr(0, line->find_first_not_of("0123456789abcdefABCDEF"));
      const auto extension = line->substr(digits.size());
      const auto significant = digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
      if (digits.empty() || significant.size() > 8) return std::nullopt;
      if (const auto mark = extension.find_first_not_of(" \t"); !extension.empty() && (mark == std::string_view::npos || extension[mark] != ';')) return std::nullopt;
      const std::size_t size = significant.empty() ? 0 : std::stoull(std::string(significant), nullptr, 16);
      if (size == 0) return take_fields(nullptr, nullptr) ? std::optional(out) : std::nullopt;
      const auto piece = take(size);
      if (!piece || take(2) != "\r\n") return std::nullopt;
      out += *piece;
    }
  }

  std::string_view rest_;
};

// ------------------------------------------------------------------------------------------------------------------------- the service

struct Seen {
  std::vector<std::string> requests;  ///< those whose body came whole
  std::size_t opened = 0, refused = 0;
};

class Seeing final : public Visit {
 public:
  Seeing(Seen& seen, Reply& reply, std::string what) : seen_(seen), reply_(reply), what_(std::move(what)) {}
  void on_body(std::string body) override {
    seen_.requests.push_back(what_ + "|" + body);
    if (body.size() % 3 != 1) return reply_.send(200, {}, "yes");
    reply_.begin(200, {});
    reply_.write(body);
    reply_.end();
  }
  void on_gone() override { reply_.end(); }

 private:
  Seen& seen_;
  Reply& reply_;
  std::string what_;
};

class TestService final : public Service {
 public:
  explicit TestService(Seen& seen) : seen_(seen) {}
  std::unique_ptr<Visit> open(const Head& head, Reply& reply) override {
    ++seen_.opened;
    if (head.path == "/r") {
      reply.send(401, {}, "no");
      return nullptr;
    }
    std::string what = std::string(head.method) + " " + std::string(head.path);
    if (!head.query.empty()) what += "?" + std::string(head.query);
    return std::make_unique<Seeing>(seen_, reply, std::move(what));
  }
  Refused refusal(std::string_view, const Refusal& why) override {
    ++seen_.refused;
    return {std::string(why.message), {}};
  }

 private:
  Seen& seen_;
};

class Nobody final : public Hall::Doorkeeper {
  void on_left() override {}
};

// ------------------------------------------------------------------------------------------------------------------------- one client

/// False when they don't end as they should.
bool skip_chunks(std::string_view& bytes) {
  for (;;) {
    const auto end = bytes.find("\r\n");
    if (end == std::string_view::npos) return false;
    const std::size_t size = std::strtoul(std::string(bytes.substr(0, end)).c_str(), nullptr, 16);
    if (bytes.size() < end + 2 + size + 2) return false;
    bytes.remove_prefix(end + 2 + size);
    if (!bytes.starts_with("\r\n")) return false;
    bytes.remove_prefix(2);
    if (size == 0) return true;
  }
}

/// The final replies in `bytes`, as "status closes size"; aborts when they are not well framed.
std::vector<std::string> replies(std::string_view bytes) {
  std::vector<std::string> out;
  const std::string whole(bytes);
  while (!bytes.empty()) {
    const auto end = bytes.find("\r\n\r\n");
    if (!bytes.starts_with("HTTP/1.1 ") || end == std::string_view::npos) broken("no reply", whole);
    const auto head = bytes.substr(0, end + 4);
    bytes.remove_prefix(end + 4);
    const int status = std::atoi(std::string(head.substr(9, 3)).c_str());
    if (status == 100) continue;
    if (!out.empty() && out.back().find(" close") != std::string::npos) broken("a reply behind one that closes", whole);
    const bool closes = head.find("\r\nconnection: close\r\n") != std::string_view::npos;
    std::string body;
    if (const auto at = head.find("content-length: "); at != std::string_view::npos) {
      const std::size_t size = std::strtoul(std::string(head.substr(at + 16, 12)).c_str(), nullptr, 10);
      // A reply to HEAD announces what it does not bring.
      if (bytes.size() >= size && !bytes.starts_with("HTTP/1.1 ")) {
        body = bytes.substr(0, size);
        bytes.remove_prefix(size);
      } else if (!bytes.empty() && !bytes.starts_with("HTTP/1.1 ")) {
        broken("a reply is cut short", whole);
      }
    } else if (head.find("transfer-encoding: chunked") != std::string_view::npos) {
      if (!bytes.empty() && !bytes.starts_with("HTTP/1.1 ") && !skip_chunks(bytes)) broken("a stream without its end", whole);
    } else if (closes && status == 200) {
      bytes = {};  // until the connection closes
    }
    // Where two limits are broken, which is seen first may depend on the pieces.
    out.push_back((status == 413 || status == 431 ? "400" : std::to_string(status)) + (closes ? " close" : " keep"));
  }
  return out;
}

struct Course {
  Seen seen;
  std::vector<std::string> replies;
};

Loop& the_loop() {
  static const std::unique_ptr<Loop> loop = std::move(*Loop::create());
  return *loop;
}

/// One turn: what is ready, what is due, the end of the turn.
void turn() {
  the_loop().post([] { the_loop().stop(); });
  the_loop().run();
}

Course run(std::string_view stream, std::minstd_rand* cuts) {
  Course course;
  TestService service(course.seen);
  Nobody nobody;
  FrontSettings settings;
  settings.max_head_bytes = 1024;
  settings.max_body_bytes = 2048;
  settings.origins = {"https://a.example"};
  std::string heard;
  {
    Hall hall(the_loop(), std::make_shared<const FrontSettings>(settings), service, nobody);
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) broken("no socket pair", {});
    const Fd client(ends[1]);
    hall.welcome(Fd(ends[0]), {.door = Door::loopback, .local = true, .tls = nullptr, .peer = "unix"});
    const auto hear = [&] {
      char piece[4096];
      for (ssize_t got = 0; (got = ::recv(client.get(), piece, sizeof piece, 0)) > 0;) heard.append(piece, static_cast<std::size_t>(got));
    };
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t size = cuts ? std::min<std::size_t>(stream.size() - at, 1 + (*cuts)() % 7) : stream.size();
      ::send(client.get(), stream.data() + at, size, MSG_NOSIGNAL);
      at += size;
      turn();
      hear();
    }
    ::shutdown(client.get(), SHUT_WR);
    for (int turns = 0; hall.counts.open > 0; ++turns) {
      if (turns > 2000) broken("the connection does not end", std::string(stream));
      turn();
      hear();
    }
    hear();
    turn();
    if (hall.counts.active != 0 || !hall.connections.empty()) broken("something is left", std::string(stream));
  }
  course.replies = replies(heard);
  return course;
}

std::string text(const Course& course) {
  std::string out;
  for (const auto& request : course.seen.requests) out += "request " + request + "\n";
  for (const auto& reply : course.replies) out += "reply " + reply + "\n";
  return out + std::to_string(course.seen.opened) + " opened, " + std::to_string(course.seen.refused) + " refused\n";
}

void compare_with_strict(std::string_view stream, const Course& course) {
  Strict strict(stream);
  std::size_t at = 0;
  for (const auto& request : course.seen.requests) {
    std::optional<std::string> expected;
    do {
      expected = strict.next();
      // Passed over: requests that were answered without a body being looked at: /r, and OPTIONS that the front answers itself.
    } while (expected && *expected != request && (expected->find(" /r") != std::string::npos || expected->starts_with("OPTIONS ")));
    if (expected != request) broken("a strict reader sees another request", "here: " + request + "\nstrict: " + expected.value_or("none") + "\nat " + std::to_string(at));
    ++at;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 8192) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Course whole = run(stream, nullptr);
  compare_with_strict(stream, whole);
  if (whole.replies.size() > whole.seen.opened + whole.seen.refused + std::count(stream.begin(), stream.end(), 'O')) broken("more replies than requests", text(whole));
  if (whole.seen.refused > 1) broken("two refusals", text(whole));
  std::minstd_rand cuts(data[0] + 1u);
  const Course cut = run(stream, &cuts);
  if (text(cut) != text(whole)) broken("pieces change the course", "whole:\n" + text(whole) + "cut:\n" + text(cut));
  return 0;
}
