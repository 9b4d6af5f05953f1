// What belay's engine costs over a bare libcurl multi loop that makes the same requests, in one interleaved run; with and without thousands of held
// streams; and what a call into a plugin costs. The upstream is another process, so that its time is not counted.
//
//   bench_engine [--rounds N] [--requests N] [--held N]
#include <curl/curl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/json.hpp"
#include "plugins/registry.hpp"
#include "runtime/runtime.hpp"
#include "upstream.hpp"

namespace {

using namespace belay;
using belay::test::Upstream;
using belay::test::UpstreamReply;
using belay::test::UpstreamRequest;

constexpr int in_flight = 16;

std::string request_body() {
  return R"({"model":"m","messages":[{"role":"system","content":")" + std::string(500, 's') + R"("},{"role":"user","content":")" + std::string(450, 'u') + R"("}]})";
}

std::string reply_text() { return std::string(1000, 'a'); }

// ---------------------------------------------------------------------------------------------------------------------- upstream

struct Peer {
  pid_t pid = -1;
  std::string origin;
  ~Peer() {
    ::kill(pid, SIGTERM);
    ::waitpid(pid, nullptr, 0);
  }
};

/// Forks before this process has any thread.
std::unique_ptr<Peer> start_upstream() {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) std::exit(1);
  const pid_t pid = ::fork();
  if (pid == 0) {
    Upstream upstream([](const UpstreamRequest& request) {
      if (request.body.find("\"hold\"") == std::string::npos) return UpstreamReply::completion(reply_text());
      auto reply = UpstreamReply::stream();
      reply.content("x");
      reply.hold = true;
      return reply;
    });
    const std::string origin = upstream.origin() + "\n";
    if (::write(pipe_ends[1], origin.data(), origin.size()) < 0) std::_Exit(1);
    for (;;) ::pause();
  }
  auto peer = std::make_unique<Peer>();
  peer->pid = pid;
  char text[64] = {};
  if (::read(pipe_ends[0], text, sizeof text - 1) <= 0) std::exit(1);
  peer->origin = std::string(text, std::strcspn(text, "\n"));
  return peer;
}

double cpu_us() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

long rss_kb() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0, resident = 0;
  statm >> pages >> resident;
  return resident * ::sysconf(_SC_PAGESIZE) / 1024;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// --------------------------------------------------------------------------------------------------------------------- bare curl

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(bytes, size * count);
  return size * count;
}

/// Pooled easy handles that are never reset, one multi, curl_multi_poll. Returns CPU microseconds per request.
double bare(const std::string& origin, int requests) {
  const std::string url = origin + "/v1/chat/completions", body = request_body();
  CURLM* multi = curl_multi_init();
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
  headers = curl_slist_append(headers, "Authorization: Bearer sk-bench-0123456789");
  std::vector<std::string> replies(in_flight);
  std::vector<CURL*> handles;
  for (int i = 0; i < in_flight; ++i) {
    CURL* easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &replies[static_cast<std::size_t>(i)]);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &replies[static_cast<std::size_t>(i)]);
    handles.push_back(easy);
  }
  const double before = cpu_us();
  int started = 0, done = 0, running = 0;
  for (CURL* easy : handles) {
    if (started++ < requests) curl_multi_add_handle(multi, easy);
  }
  while (done < requests) {
    curl_multi_perform(multi, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      CURL* easy = message->easy_handle;
      std::string* reply = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &reply);
      if (message->data.result != CURLE_OK || reply->size() < 1000) std::exit(1);
      reply->clear();
      ++done;
      curl_multi_remove_handle(multi, easy);
      if (started < requests) {
        ++started;
        curl_multi_add_handle(multi, easy);
      }
    }
    if (done < requests) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  const double used = cpu_us() - before;
  for (CURL* easy : handles) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
  curl_slist_free_all(headers);
  return used / requests;
}

// ------------------------------------------------------------------------------------------------------------------------ engine

runtime::Settings settings_of(const std::string& origin) {
  runtime::Settings out;
  out.state = "memory:";
  out.loader.dirs = {PLUGIN_DIR};
  out.loader.trust = plugins::Trust::any;
  runtime::ProviderSettings provider;
  provider.name = "p";
  provider.plugin = "openai";
  provider.base_url = origin + "/v1";
  provider.model = "m";
  provider.pool.provider = "p";
  provider.pool.origin = origin;
  credentials::CredentialSettings key;
  key.id = "main";
  key.type = "api_key";
  key.sources["source"] = *credentials::parse_source("literal:sk-bench-0123456789");
  provider.pool.credentials.push_back(std::move(key));
  out.providers.push_back(std::move(provider));
  fallback::RouteSettings route;
  route.name = "r";
  route.deadline = std::chrono::hours(1);
  route.idle_timeout = std::chrono::hours(1);
  route.targets.push_back({.provider = "p", .model = {}, .on = {}, .place = {}});
  out.routes.push_back(std::move(route));
  return out;
}

runtime::CallRequest request() {
  runtime::CallRequest out;
  out.body = request_body();
  out.route = "r";
  return out;
}

/// Keeps `in_flight` calls going from their own ends, on the loop.
class Load final : public runtime::Observer, public std::enable_shared_from_this<Load> {
 public:
  Load(runtime::Runtime& runtime, int requests) : runtime_(runtime), left_(requests), open_(requests) {}
  void begin() {
    for (int i = 0; i < in_flight; ++i) next();
    done_.get_future().wait();
  }
  void on_done(const runtime::CallResult& result) override {
    if (!result.ok()) {
      std::fprintf(stderr, "%s\n", result.error.c_str());
      std::exit(1);
    }
    if (--open_ == 0) return done_.set_value();
    next();
  }

 private:
  void next() {
    if (left_.fetch_sub(1) > 0) runtime_.async_call(request(), shared_from_this());
  }
  runtime::Runtime& runtime_;
  std::atomic<int> left_, open_;
  std::promise<void> done_;
};

double engine(runtime::Runtime& runtime, int requests) {
  const auto load = std::make_shared<Load>(runtime, requests);
  const double before = cpu_us();
  load->begin();
  return (cpu_us() - before) / requests;
}

class Held final : public runtime::Observer {
 public:
  explicit Held(std::atomic<int>& open) : open_(open) {}
  void on_commit(const runtime::Committed&) override { ++open_; }

 private:
  std::atomic<int>& open_;
};

// ------------------------------------------------------------------------------------------------------------------------ plugin

class NoNotes final : public plugins::Services {
  Result<std::optional<std::string>> note(std::string_view, std::string_view) override { return std::optional<std::string>(); }
  Result<void> put_note(std::string_view, std::string_view, std::string_view) override { return {}; }
};

class Count final : public plugins::EventSink {
 public:
  bool on_event(const belay_event&) override { return ++events > 0; }
  long events = 0;
};

belay_str str(std::string_view text) { return {text.data(), text.size()}; }

void plugin_costs() {
  NoNotes notes;
  plugins::LoaderSettings loader;
  loader.dirs = {PLUGIN_DIR};
  loader.trust = plugins::Trust::any;
  plugins::Registry registry(loader, notes);
  auto instance = registry.make("openai", {.name = "p", .base_url = "http://127.0.0.1:1/v1", .options = "{}", .model = "m"});
  if (!instance) std::exit(1);
  const std::string body = request_body();
  const auto members = *json::index_object(body);
  std::vector<belay_member> lent;
  for (const auto& member : members) lent.push_back({str(member.name), str(member.value)});
  belay_request asked{};
  asked.size = sizeof asked;
  asked.flags = BELAY_REQUEST_STREAM;
  asked.operation = str("chat");
  asked.wire = str("openai.chat/1");
  asked.canonical_version = 1;
  asked.members = lent.data();
  asked.member_count = static_cast<std::uint32_t>(lent.size());
  asked.member_stride = sizeof(belay_member);
  asked.model = str("m");
  asked.body = str(body);
  asked.request_id = str("01");
  const auto ns_per = [](int times, auto what) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < times; ++i) what();
    return static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin).count()) / times;
  };
  const double whole = ns_per(100'000, [&] {
    std::unique_ptr<plugins::Exchange> exchange;
    plugins::OutgoingRequest out;
    if (!(*instance)->begin(asked, nullptr, exchange).ok() || !exchange->build_request(out).ok()) std::exit(1);
  });
  std::unique_ptr<plugins::Exchange> exchange;
  plugins::OutgoingRequest out;
  Count sink;
  (*instance)->begin(asked, nullptr, exchange);
  exchange->build_request(out);
  belay_field type{str("content-type"), str("text/event-stream"), 0, 0};
  belay_head head{};
  head.size = sizeof head;
  head.status = 200;
  head.headers = {&type, 1, sizeof type};
  exchange->on_head(head, sink);
  const std::string chunk = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + std::string(100, 'x') + "\"},\"finish_reason\":null}]}\n\n";
  const double per_chunk = ns_per(200'000, [&] {
    if (!exchange->on_chunk(chunk, sink).ok()) std::exit(1);
  });
  belay_failure failure{};
  failure.size = sizeof failure;
  failure.kind = BELAY_FAILURE_STATUS;
  failure.status = 429;
  const std::string error = R"({"error":{"message":"Rate limit reached for requests","type":"requests","code":"rate_limit_exceeded"}})";
  failure.body = {reinterpret_cast<const std::uint8_t*>(error.data()), error.size()};
  plugins::Classification said;
  const double per_error = ns_per(20'000, [&] { (void)(*instance)->classify(failure, said); });
  std::printf("\n| through the checked layer into openai.so | ns |\n|---|---|\n");
  std::printf("| begin + build_request + end, 1 KB request | %.0f |\n", whole);
  std::printf("| on_body_chunk, one event of 200 bytes | %.0f |\n", per_chunk);
  std::printf("| classify_error | %.0f |\n", per_error);
}

int number(int argc, char** argv, const char* name, int otherwise) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], name) == 0) return std::atoi(argv[i + 1]);
  }
  return otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = number(argc, argv, "--rounds", 7), requests = number(argc, argv, "--requests", 4000);
  int held = number(argc, argv, "--held", 9000);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < static_cast<rlim_t>(held) + 500) {
    held = static_cast<int>(files.rlim_cur) - 500;
    std::printf("the limit of %lu descriptors allows %d held streams\n", static_cast<unsigned long>(files.rlim_cur), held);
  }
  const auto peer = start_upstream();
  curl_global_init(CURL_GLOBAL_DEFAULT);
  std::printf("engine: %u processors, libcurl %s, %d rounds of %d requests (1 KB up, 1.2 KB down), %d in flight, one thread each\n", std::thread::hardware_concurrency(),
              curl_version_info(CURLVERSION_NOW)->version, rounds, requests, in_flight);

  auto opened = runtime::Runtime::open(settings_of(peer->origin));
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    return 1;
  }
  runtime::Runtime& runtime = **opened;
  engine(runtime, 500);
  bare(peer->origin, 500);
  std::vector<double> bare_us, engine_us, ratio;
  for (int i = 0; i < rounds; ++i) {
    bare_us.push_back(bare(peer->origin, requests));
    engine_us.push_back(engine(runtime, requests));
    ratio.push_back(engine_us.back() / bare_us.back());
  }
  std::printf("\n| CPU per call | us (median) | x bare, median of rounds [min-max] |\n|---|---|---|\n");
  std::printf("| bare libcurl multi | %.1f | 1.00 |\n", median(bare_us));
  std::printf("| Runtime | %.1f | %.2f [%.2f-%.2f] |\n", median(engine_us), median(ratio), *std::min_element(ratio.begin(), ratio.end()), *std::max_element(ratio.begin(), ratio.end()));

  const long before = rss_kb();
  std::atomic<int> open{0};
  std::vector<std::shared_ptr<runtime::Call>> streams;
  for (int i = 0; i < held; ++i) {
    runtime::CallRequest hold = request();
    hold.body = R"({"messages":[{"role":"user","content":"hold"}]})";
    hold.stream = true;
    streams.push_back(runtime.async_call(std::move(hold), std::make_shared<Held>(open)));
    while (i - open > 500) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  while (open < held) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const long after = rss_kb();
  std::vector<double> with_held;
  for (int i = 0; i < rounds; ++i) with_held.push_back(engine(runtime, requests));
  for (const auto& stream : streams) stream->cancel();
  std::vector<double> without;
  for (int i = 0; i < rounds; ++i) without.push_back(engine(runtime, requests));
  std::printf("\n| with %d held streams | |\n|---|---|\n", held);
  std::printf("| CPU per call, x without | %.2f |\n", median(with_held) / median(without));
  std::printf("| resident KB per held stream | %.1f |\n", static_cast<double>(after - before) / held);

  plugin_costs();
  return 0;
}
