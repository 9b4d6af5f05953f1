#include "rig.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <future>

#include "sight/trace_context.hpp"

namespace belay::gateway::test {
namespace {

constexpr std::chrono::seconds patience{30};

/// Says what it was sent.
class TestReply final : public Reply {
 public:
  void send(int status, std::span<const Field> fields, std::string_view body) override {
    Got got{status, {}, std::string(body)};
    for (const auto& field : fields) {
      if (field.name == "content-type") got.type = field.value;
    }
    got_.set_value(std::move(got));
  }
  void begin(int, std::span<const Field>) override { ADD_FAILURE() << "a page is sent whole"; }
  bool write(std::string_view) override { return true; }
  void end() override {}
  void abort() override {}

  Got wait() {
    auto got = got_.get_future();
    if (got.wait_for(patience) != std::future_status::ready) throw std::runtime_error("no reply");
    return got.get();
  }

 private:
  std::promise<Got> got_;
};

/// Tells a call to the sight of its worker, as the gateway does.
class Teller final : public runtime::Observer {
 public:
  Teller(SightWorker& worker, const runtime::CallRequest& request, const std::string& key,
         const std::string& traceparent)
      : worker_(worker),
        wire_(request.wire),
        operation_(request.operation),
        key_(key),
        context_(trace_context(traceparent)),
        stream_(request.stream.value_or(false)),
        began_(system_clock().unix_ms()) {
    live_ = worker.began({.id = "pending",
                          .asked = request.route.value_or(""),
                          .wire = wire_,
                          .key = key_,
                          .peer = "127.0.0.1:5",
                          .stream = stream_,
                          .began = began_});
  }
  void on_attempt(const fallback::Attempt& attempt) override { live_->attempt(attempt); }
  void on_verdict(const fallback::Attempt& attempt) override { live_->verdict(attempt); }
  void on_commit(const runtime::Committed& committed) override {
    first_ = system_clock().mono() - live_->began();
    live_->committed(committed.provider, committed.model);
  }
  void on_done(const runtime::CallResult& result) override {
    RequestRecord record;
    record.began = began_;
    record.id = result.trace.id;
    record.method = "POST";
    record.path = "/v1/chat/completions";
    record.peer = "127.0.0.1:5";
    record.key = key_;
    record.status = result.ok() ? 200 : 503;
    record.total = system_clock().mono() - live_->began();
    record.call = &result;
    record.wire = wire_;
    record.operation = operation_;
    record.stream = stream_;
    record.overhead = std::chrono::microseconds(40);
    record.first_content = first_;
    record.context = context_;
    record.live = live_.get();
    worker_.ended(record);
    live_.reset();
    done_.set_value(result);
  }
  runtime::CallResult wait() { return done_.get_future().get(); }

 private:
  SightWorker& worker_;
  std::string wire_, operation_, key_;
  TraceContext context_;
  bool stream_;
  UnixMs began_;
  std::shared_ptr<LiveCall> live_;
  std::chrono::nanoseconds first_{-1};
  std::promise<runtime::CallResult> done_;
};

}  // namespace

json::Document Got::json() const {
  auto document = json::parse(body);
  if (!document) throw std::runtime_error(document.error().message + ": " + body);
  return std::move(*document);
}

Rig::Rig(runtime::Settings settings, SightSettings how, std::size_t workers) {
  loops = *runtime::Loops::start(workers);
  runtime::Options options;
  options.on = loops;
  runtime = runtime::test::open(std::move(settings), options);
  auto opened = Sight::open(std::move(how), loops, runtime);
  if (!opened) throw std::runtime_error(opened.error().message);
  sight = std::move(*opened);
}

Rig::~Rig() { sight.reset(); }

void Rig::on_loop(std::size_t i, const std::function<void(SightWorker&)>& job) {
  std::promise<void> done;
  loops->all()[i]->loop().post([&] {
    job(sight->worker(i));
    done.set_value();
  });
  done.get_future().wait();
}

Got Rig::page(std::size_t i, const Make& make) {
  TestReply reply;
  std::unique_ptr<Visit> visit;
  on_loop(i, [&](SightWorker&) {
    visit = make(*sight, reply);
    visit->on_body("");
  });
  Got got = reply.wait();
  on_loop(i, [&](SightWorker&) { visit.reset(); });
  return got;
}

Got Rig::metrics(std::size_t i) {
  return page(i, [i](Sight& sight, Reply& reply) { return sight.metrics(i, reply); });
}
Got Rig::status(std::size_t i) {
  return page(i, [i](Sight& sight, Reply& reply) { return sight.status(i, reply); });
}
Got Rig::trace(const std::string& id, std::size_t i, Whose whose) {
  return page(i, [&](Sight& sight, Reply& reply) { return sight.trace(i, id, whose, reply); });
}
Got Rig::traces(const std::string& query, std::size_t i, Whose whose) {
  return page(i, [&](Sight& sight, Reply& reply) { return sight.traces(i, query, whose, reply); });
}

void Rig::ended(std::size_t i, const RequestRecord& record) {
  on_loop(i, [&](SightWorker& worker) { worker.ended(record); });
}

runtime::CallResult Rig::call(std::size_t i, runtime::CallRequest request, const std::string& key,
                              const std::string& traceparent) {
  std::shared_ptr<Teller> teller;
  on_loop(i, [&](SightWorker& worker) {
    teller = std::make_shared<Teller>(worker, request, key, traceparent);
    runtime->async_call(request, teller);
  });
  return teller->wait();
}

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "belay-sight-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}
Folder::~Folder() { std::filesystem::remove_all(path_); }

double value_of(const std::string& metrics, const std::string& series) {
  const std::string begin = "\n" + series + " ";
  const auto at = metrics.find(begin);
  if (at == std::string::npos) throw std::runtime_error("no series " + series);
  return std::stod(metrics.substr(at + begin.size()));
}

std::string content_of(const std::string& path) {
  auto text = read_file(path, 16u << 20);
  if (!text) throw std::runtime_error(text.error().message);
  return *text;
}

}  // namespace belay::gateway::test
