#include "rig.hpp"

#include <dirent.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace belay::http::test {
namespace {

/// The tests' servers are on loopback: a proxy of whoever runs them must not get in between.
class NoProxies final : public testing::Environment {
  void SetUp() override {
    for (const char* name :
         {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
      ::unsetenv(name);
  }
};
Way chosen = Way::direct;

[[maybe_unused]] const auto* const no_proxies = testing::AddGlobalTestEnvironment(new NoProxies);

}  // namespace

std::string to_string(Way way) { return way == Way::direct ? "direct" : "curl"; }

BothWays::BothWays() { Rig::go(GetParam()); }
BothWays::~BothWays() { Rig::go(Way::direct); }

void Rig::go(Way way) { chosen = way; }

Rig::Rig(ClientOptions options) {
  options.direct = chosen == Way::direct;
  loop_ = std::move(*Loop::create());
  client_ = std::make_unique<Client>(*loop_, options);
  thread_ = std::thread([this] { loop_->run(); });
}

Rig::~Rig() {
  destroy_client();
  loop_->stop();
  thread_.join();
}

void Rig::on_loop(const std::function<void()>& job) {
  std::promise<void> finished;
  loop_->post([&] {
    job();
    finished.set_value();
  });
  finished.get_future().wait();
}

void Rig::destroy_client() {
  on_loop([this] { client_.reset(); });
}

std::chrono::nanoseconds Rig::loop_time() {
  timespec used{};
  on_loop([&] { ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used); });
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

Call::Call(Rig& rig, Request request) : rig_(rig) { start(std::move(request)); }

Call::~Call() { cancel(); }

void Call::start(Request request) {
  rig_.on_loop([&] { start_here(std::move(request)); });
}

void Call::cancel() {
  rig_.on_loop([this] { transfer_.reset(); });
}

void Call::resume() {
  rig_.on_loop([this] { resume_here(); });
}

const Done& Call::done() {
  EXPECT_TRUE(wait([this] { return dones > 0; })) << "on_done did not come";
  return done_;
}

bool Call::wait_head() {
  return wait([this] { return heads > 0; });
}

bool Call::wait_body(std::size_t bytes) {
  return wait([&] { return body.size() >= bytes; });
}

bool Call::wait(const std::function<bool()>& until) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, until);
}

void Call::on_head(const Head& seen) {
  {
    std::lock_guard lock(mutex_);
    head = seen;
    ++heads;
    changed_.notify_all();
  }
  if (head_hook) head_hook();
}

bool Call::on_body(std::string_view piece) {
  {
    std::lock_guard lock(mutex_);
    body += piece;
    pieces.push_back(piece.size());
    changed_.notify_all();
  }
  return !body_hook || body_hook(piece);
}

void Call::on_done(const Done& seen) {
  const auto hook = done_hook;
  {
    std::lock_guard lock(mutex_);
    done_ = seen;
  }
  if (hook) hook();
  std::lock_guard lock(mutex_);
  ++dones;
  changed_.notify_all();
}

Request get(std::string url) {
  Request request;
  request.method = "GET";
  request.url = std::move(url);
  return request;
}

Request post(std::string url, std::string body) {
  Request request;
  request.url = std::move(url);
  request.body = std::make_shared<const std::string>(std::move(body));
  request.headers.push_back({"Content-Type", "application/json"});
  return request;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  if (DIR* folder = ::opendir("/proc/self/fd")) {
    while (::readdir(folder)) ++count;
    ::closedir(folder);
  }
  return count;
}

}  // namespace belay::http::test
