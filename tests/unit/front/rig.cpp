#include "rig.hpp"

#include <cstdlib>
#include <filesystem>
#include <future>

namespace belay::gateway::test {
namespace {

constexpr Field text_type{"content-type", "text/plain"};

/// The base of all visits here: tells what happens to it.
class Told : public Visit {
 public:
  Told(TestService& service, Reply& reply) : service_(service), reply_(reply) {}
  ~Told() override { service_.events.add("destroyed"); }
  void on_gone() override {
    service_.events.add("gone");
    reply_.write("nobody reads this");  // must do nothing
    reply_.end();
  }

 protected:
  TestService& service_;
  Reply& reply_;
};

class Echo final : public Told {
 public:
  Echo(TestService& service, Reply& reply, std::string what) : Told(service, reply), what_(std::move(what)) {}
  void on_body(std::string body) override {
    service_.events.add("body");
    reply_.send(200, std::span(&text_type, 1), what_ + body);
  }

 private:
  std::string what_;
};

class Stream final : public Told {
 public:
  enum class Ends { well, badly };
  Stream(TestService& service, Reply& reply, Ends ends) : Told(service, reply), ends_(ends) {}
  void on_body(std::string) override {
    reply_.begin(200, std::span(&text_type, 1));
    reply_.write("one,");
    if (ends_ == Ends::badly) return reply_.abort();
    reply_.write("");
    reply_.write("two,");
    reply_.write("three");
    reply_.end();
    reply_.write("nothing may follow the end");
  }

 private:
  Ends ends_;
};

class Hold final : public Told {
 public:
  using Told::Told;
  void on_body(std::string) override {
    service_.held.push_back(&reply_);
    service_.events.add("held");
  }
};

class Flood final : public Told {
 public:
  using Told::Told;
  void on_body(std::string) override {
    reply_.begin(200, {});
    go_on();
  }
  void on_writable() override {
    service_.events.add("writable");
    go_on();
  }

 private:
  void go_on() {
    const std::string piece(16u << 10, 'f');
    while (sent_ < flood_size) {
      sent_ += piece.size();
      if (!reply_.write(piece)) {
        service_.events.add("full");
        if (sent_ < flood_size) return;
      }
    }
    reply_.end();
  }
  std::size_t sent_ = 0;
};

class Large final : public Told {
 public:
  using Told::Told;
  void on_body(std::string) override { reply_.send(200, {}, std::string(large_size, 'L')); }
};

/// Answers from a timer, whatever of the body is there.
class Early final : public Told {
 public:
  Early(TestService& service, Reply& reply, Loop& loop) : Told(service, reply), timer_(loop, [this] { reply_.send(429, {}, "early"); }) { timer_.arm_in(Millis(1)); }
  void on_body(std::string) override { service_.events.add("body"); }

 private:
  Timer timer_;
};

}  // namespace

void Events::add(const std::string& what) {
  {
    std::lock_guard lock(mutex_);
    ++counts_[what];
  }
  changed_.notify_all();
}

bool Events::wait(const std::string& what, int times) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return counts_[what] >= times; });
}

int Events::count(const std::string& what) {
  std::lock_guard lock(mutex_);
  return counts_[what];
}

std::unique_ptr<Visit> TestService::open(const Head& head, Reply& reply) {
  events.add(std::string(head.method) + " " + std::string(head.path));
  if (head.path == "/refuse") {
    reply.send(401, {}, "no");
    return nullptr;
  }
  if (head.path == "/empty") return nullptr;
  if (head.path == "/hold") return std::make_unique<Hold>(*this, reply);
  if (head.path == "/stream") return std::make_unique<Stream>(*this, reply, Stream::Ends::well);
  if (head.path == "/abort") return std::make_unique<Stream>(*this, reply, Stream::Ends::badly);
  if (head.path == "/flood") return std::make_unique<Flood>(*this, reply);
  if (head.path == "/large") return std::make_unique<Large>(*this, reply);
  if (head.path == "/early") return std::make_unique<Early>(*this, reply, loop_);
  std::string what = std::string(head.method) + " " + std::string(head.path);
  if (!head.query.empty()) what += "?" + std::string(head.query);
  if (const auto wanted = head.get("x-tell"); !wanted.empty()) what += " " + std::string(wanted) + "=" + std::string(head.get(wanted));
  if (!head.get("x-peer").empty()) what += " peer=" + std::string(head.peer) + (head.local ? " local" : "");
  return std::make_unique<Echo>(*this, reply, what + "|");
}

Service::Refused TestService::refusal(std::string_view path, const Refusal& why) {
  return {R"({"error":{"code":")" + std::string(why.code) + R"(","message":")" + std::string(why.message) + R"(","path":")" + std::string(path) + R"("}})", "01J"};
}

Rig::Rig(FrontSettings settings, Tie tie, std::shared_ptr<Tls> tls) {
  std::string address = "127.0.0.1:0";
  if (tie == Tie::unix_socket) {
    folder_ = testing::TempDir() + "belay-front-XXXXXX";
    if (::mkdtemp(folder_.data()) == nullptr) std::abort();
    address = "unix:" + folder_ + "/sock";
  }
  auto listeners = listen(address, 1);
  if (!listeners) ADD_FAILURE() << listeners.error().message;
  listener_ = std::move(listeners->front());
  loop_ = std::move(*Loop::create());
  service_ = std::make_unique<TestService>(*loop_);
  front_ = std::make_unique<Front>(*loop_, std::move(settings), *service_);
  thread_ = std::thread([this] { loop_->run(); });
  on_loop([&] { EXPECT_TRUE(front_->accept_on(listener_.fd.get(), tie != Tie::open_tcp, std::move(tls)).ok()); });
}

Rig::~Rig() {
  end_front();
  loop_->stop();
  thread_.join();
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

void Rig::on_loop(const std::function<void()>& job) {
  std::promise<void> done;
  loop_->post([&] {
    job();
    done.set_value();
  });
  done.get_future().wait();
}

FrontCounts Rig::counts() {
  FrontCounts out;
  on_loop([&] { out = front_->counts(); });
  return out;
}

bool Rig::wait_for(const std::function<bool(const FrontCounts&)>& holds) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!holds(counts())) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

int Rig::port() const { return std::atoi(listener_.address.substr(listener_.address.rfind(':') + 1).c_str()); }

}  // namespace belay::gateway::test
