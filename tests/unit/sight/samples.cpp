#include "samples.hpp"

#include "live.hpp"

namespace belay::gateway::test {

using fallback::Reason;
using fallback::Verdict;

Sample::Sample(std::string name) : id(std::move(name)) {
  auto& trace = result.trace;
  trace.id = id;
  trace.route = "r";
  trace.outcome = fallback::Outcome::ok;
  trace.left = Reason::auth_rejected;
  trace.served_by = fallback::ServedBy{"c", "m", "main"};
  trace.duration_ms = 812;
  fallback::Attempt first{.n = 1,
                          .provider = "p",
                          .model = "m",
                          .credential = "main",
                          .generation = 3,
                          .status = 401,
                          .reason = Reason::auth_rejected};
  first.message = "Incorrect API key provided";
  first.refresh = fallback::RefreshOutcome::failed_permanent;
  first.refresh_message = "log in again";
  first.verdict = Verdict::next_target;
  first.duration_ms = 120;
  first.hold_ms = 600'000;
  fallback::Attempt second{.n = 2, .provider = "c", .model = "m", .credential = "main", .generation = 1, .status = 200};
  second.verdict = Verdict::done;
  second.duration_ms = 690;
  second.adjusted = {{"temperature", "null"}};
  trace.attempts = {first, second};
  trace.skipped = {{"x/m2", "held: quota_exhausted, 592 s left"}};
  trace.usage.prompt = 11;
  trace.usage.completion = 7;
  trace.usage.cached = 4;

  record.began = 1'764'000'000'123;  // 2025-11-24T16:00:00.123Z
  record.id = id;
  record.method = "POST";
  record.path = "/v1/chat/completions";
  record.peer = "127.0.0.1:50112";
  record.user_agent = "OpenAI/Python 1.0";
  record.key = "ci";
  record.status = 200;
  record.bytes_in = 321;
  record.bytes_out = 654;
  record.total = std::chrono::microseconds(812'500);
  record.call = &result;
  record.wire = "openai.chat/1";
  record.operation = "chat";
  record.overhead = std::chrono::nanoseconds(42'500);
  record.context = {"4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "b7ad6b7169203331", true};
}

RequestRecord plain(std::string_view method, std::string_view path, int status) {
  RequestRecord record;
  record.began = 1'764'000'000'000;
  record.id = "01JPLAIN00000000000000000A";
  record.method = method;
  record.path = path;
  record.peer = "127.0.0.1:1";
  record.status = status;
  record.total = std::chrono::microseconds(50);
  record.context = {"0af7651916cd43dd8448eb211c80319c", "", "00f067aa0ba902b7", true};
  return record;
}

runtime::Settings two_providers() {
  using namespace runtime::test;
  auto settings = settings_of(
      {keyed("p", "http://127.0.0.1:9", "sk-of-p-123456"), keyed("c", "http://127.0.0.1:9", "sk-of-c-123456")});
  for (const char* name : {"ci", "web"})
    settings.gateway.keys.push_back({.name = name,
                                     .sha256 = std::string(64, 'a'),
                                     .routes = {},
                                     .sight = false,
                                     .requests_per_minute = {},
                                     .tokens_per_minute = {},
                                     .max_concurrency = {}});
  settings.files = {"belay.toml"};
  return settings;
}

}  // namespace belay::gateway::test
