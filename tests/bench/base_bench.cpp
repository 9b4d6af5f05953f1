// What host/base and host/state cost on the paths that every call takes:
//   index_object   a whole check of a request body plus its top-level members, against copying the same bytes
//   parse          the document of the same text, for replies and records
//   valid_utf8     ASCII and mixed text
//   scrub          a log line and an error body, with 500 secrets known
//   Timer          10,000 armed timers, each moved to a later moment (what every chunk of a stream does), and made and
//   destroyed State          get and update of one record of a file state, and the version word
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/json.hpp"
#include "base/loop.hpp"
#include "base/secret.hpp"
#include "base/utf8.hpp"
#include "bench.hpp"
#include "state/state.hpp"

namespace {

using namespace belay;
using bench::keep;
using bench::median_ns;

std::string small_request() {
  std::string text =
      R"({"model":"gpt-x","messages":[{"role":"system","content":"You are a careful assistant."},{"role":"user","content":")";
  while (text.size() < 900) text += "How do I keep a call from falling? ";
  return text + R"("}],"temperature":0.2,"max_tokens":512,"stream":true,"stop":["\n\n"]})";
}

std::string conversation() {
  std::string text = R"({"model":"gpt-x","messages":[)";
  for (int n = 0; text.size() < 100'000; ++n) {
    text += n == 0 ? "" : ",";
    text += R"({"role":"user","content":"line )" + std::to_string(n);
    for (int i = 0; i < 12; ++i) text += R"( she said \"look\" and went on\n to the next file)";
    text += R"("})";
  }
  return text + R"(],"stream":false})";
}

std::string image_request() {
  std::string text =
      R"({"model":"gpt-x","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,)";
  const std::string some = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";
  while (text.size() < 1'000'000) text += some;
  return text + R"("}}]}]})";
}

void json_row(const char* name, const std::string& text) {
  std::vector<char> to(text.size());
  const double copy = median_ns([&] {
    std::memcpy(to.data(), text.data(), text.size());
    keep(to);
  });
  const double index = median_ns([&] { keep(json::index_object(text)); });
  const double parse = median_ns([&] { keep(json::parse(text)); });
  const double utf8 = median_ns([&] { keep(valid_utf8(text)); });
  std::printf("%-22s %10.2f %12.2f %8.1fx %10.2f %10.2f\n", name, copy / 1e3, index / 1e3, index / copy, parse / 1e3,
              utf8 / 1e3);
}

void json_table() {
  std::printf("%-22s %10s %12s %9s %10s %10s   (us)\n", "json", "memcpy", "index_object", "/memcpy", "parse",
              "valid_utf8");
  json_row("1 KB request", small_request());
  json_row("100 KB conversation", conversation());
  json_row("1 MB image", image_request());
  std::string mixed;
  while (mixed.size() < 100'000) mixed += "Grüße aus Köln, 東京の天気は晴れです. ";
  const double ns = median_ns([&] { keep(valid_utf8(mixed)); });
  std::printf("%-22s %54.2f\n\n", "100 KB mixed text", ns / 1e3);
}

void scrub_table() {
  std::vector<Secret> secrets;
  for (int i = 0; i < 500; ++i)
    secrets.emplace_back("sk-proj-" + std::to_string(i) + "-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/" +
                         std::to_string(i * 7919));
  const std::string line =
      "target spare/m1 answered 429: please slow down, your limit is 20 requests a minute (request 01J0000)";
  std::string body;
  while (body.size() < 65536) body += line;
  std::printf("scrub, 500 secrets     log line %.2f us, 64 KiB body %.1f us\n",
              median_ns([&] { keep(scrub(line)); }) / 1e3, median_ns([&] { keep(scrub(body)); }) / 1e3);
  std::printf("secret made and gone   %.2f us\n\n",
              median_ns([&] { keep(Secret("sk-proj-one-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789")); }) / 1e3);
}

void timer_table() {
  auto loop = Loop::create();
  if (!loop) return;
  constexpr std::size_t held = 10'000;
  std::vector<std::unique_ptr<Timer>> timers;
  for (std::size_t i = 0; i < held; ++i) {
    timers.push_back(std::make_unique<Timer>(**loop, [] {}));
    timers.back()->arm_in(std::chrono::hours(1));
  }
  MonoTime later = std::chrono::steady_clock::now() + std::chrono::hours(2);
  std::size_t next = 0;
  const double rearm = median_ns([&] {
    later += std::chrono::microseconds(1);
    timers[next++ % held]->arm_at(later);
  });
  const double made = median_ns([&] {
    Timer timer(**loop, [] {});
    timer.arm_at(later);
  });
  std::printf("10,000 timers held     re-arm later %.1f ns, make + arm + destroy %.1f ns\n\n", rearm, made);
}

void state_table() {
  std::string name = (std::filesystem::temp_directory_path() / "belay-bench-XXXXXX").string();
  const char* dir = mkdtemp(name.data());
  if (dir == nullptr) return;
  {
    auto state = state::open("file:" + std::string(dir));
    if (!state) {
      std::fprintf(stderr, "%s\n", state.error().message.c_str());
      return;
    }
    auto& records = **state;
    if (auto put = records.put("hold/target/spare", R"({"until":1790000000000,"reason":"rate_limited"})", Durable::no);
        !put)
      return;
    std::uint64_t turn = 0;
    const double version = median_ns([&] { keep(records.version("hold")); });
    const double count = median_ns([&] { keep(records.count("pool/spare", 1)); });
    const double get = median_ns([&] { keep(records.get("hold/target/spare")); });
    const double update = median_ns([&] {
      keep(records.update(
          "hold/target/spare", [&](const auto&) { return std::optional<std::string>(std::to_string(++turn)); },
          Durable::no));
    });
    const double durable = median_ns([&] {
      keep(records.update(
          "grant/spare", [&](const auto&) { return std::optional<std::string>(std::to_string(++turn)); },
          Durable::yes));
    });
    const double lease =
        median_ns([&] { keep(records.lease("grant/spare", std::chrono::steady_clock::now(), CancelToken{})); });
    std::printf(
        "file state             version %.1f ns, count %.1f ns, get %.2f us, update %.2f us, durable update %.0f us, "
        "lease %.2f us\n",
        version, count, get / 1e3, update / 1e3, durable / 1e3, lease / 1e3);
  }
  std::error_code ignored;
  std::filesystem::remove_all(dir, ignored);
}

}  // namespace

int main() {
  bench::print_setup("host/base and host/state");
  json_table();
  scrub_table();
  timer_table();
  state_table();
}
