// FUZZ-03, 04: sizes and headers beyond what is decent.
#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "checks/fuzz.hpp"
#include "checks/fuzz_judge.hpp"
#include "drive/allocations.hpp"
#include "drive/cpu_time.hpp"
#include "drive/material.hpp"
#include "drive/noise.hpp"
#include "drive/test_host.hpp"
#include "run/child.hpp"
#include "run/sanitized.hpp"

namespace belay::conform {
namespace {

constexpr auto most_time = std::chrono::seconds(sanitized() ? 60 : 10);   // of processor time
constexpr std::int64_t most_memory = 16 << 20;

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

std::string nested(std::size_t depth, bool closed) {
  return std::string(depth, '[') + (closed ? std::string(depth, ']') : std::string());
}


/// Made one at a time: they are large.
std::vector<std::pair<std::string, std::function<std::string()>>> extremes(bool stream) {
  constexpr std::size_t mib = std::size_t{1} << 20, large = (sanitized() ? 8 : 64) * mib, events = sanitized() ? 100'000 : 1'000'000;
  const std::string data = stream ? "data: " : "", end = stream ? "\n\n" : "";
  std::vector<std::pair<std::string, std::function<std::string()>>> all;
  for (const std::size_t depth : {std::size_t{90}, std::size_t{96}, std::size_t{100'000}}) {
    const std::string levels = std::to_string(depth) + " levels of JSON";
    all.emplace_back(levels, [=] { return data + nested(depth, true) + end; });
    all.emplace_back(levels + " that never close", [=] { return data + nested(depth, false) + end; });
    all.emplace_back(levels + " in a member", [=] { return data + "{\"choices\":" + nested(depth, true) + ",\"usage\":" + nested(depth, true) + "}" + end; });
    all.emplace_back(levels + " of objects", [=] { return data + repeated("{\"error\":", depth) + "1" + std::string(depth, '}') + end; });
  }
  if (stream) {
    all.emplace_back("a million empty events", [=] { return repeated("data:\n\n", events); });
    all.emplace_back("a million tiny events", [=] { return repeated("data: {}\n\n", events); });
    all.emplace_back("a million comments", [=] { return repeated(":\n\n", events); });
    all.emplace_back("a million data lines of one event", [=] { return repeated("data: 1\n", events) + "\n"; });
    all.emplace_back("a line of 64 MiB that has no name", [=] { return std::string(large, 'x'); });
    all.emplace_back("a line of 64 MiB", [=] { return "data: {\"a\":\"" + std::string(large, 'x') + "\"}\n\n"; });
    all.emplace_back("64 MiB of line ends", [=] { return std::string(large / 2, '\r') + std::string(large / 2, '\n'); });
  } else {
    all.emplace_back("a text of 64 MiB", [=] { return "{\"choices\":[{\"message\":{\"content\":\"" + std::string(large, 'x') + "\"}}]}"; });
    all.emplace_back("64 MiB of white space", [=] { return std::string(large, ' '); });
    all.emplace_back("a million elements", [=] { return "{\"choices\":[" + repeated("{},", events) + "{}]}"; });
  }
  return all;
}

void one_extreme(Case& c, const Subject& plugin, belay_instance* instance, const Material& one, const std::string& words, const std::string& body) {
  const std::string where = one.tape.name + " with " + words;
  c.doing("" + where);
  CassetteReply reply = one.reply();
  reply.body = body;
  EventTape tape(one.tape, EventTape::Keep::numbers);
  belay_status status = BELAY_OK;
  const CpuClock clock;
  AllocationCount used;
  {
    const CountAllocations counting;
    status = play_bare(plugin, instance, one.lent, reply, tape);
    used = counting.so_far();
  }
  const auto took = clock.so_far();
  judge(c, tape, status, true, where);
  const auto allowed = static_cast<std::int64_t>(3 * body.size()) + most_memory;
  c.require(used.peak_bytes <= allowed, "memory of an exchange stays within three times the body and 16 MiB",
            where + ": " + std::to_string(used.peak_bytes >> 20) + " MiB for a body of " + std::to_string(body.size() >> 20) + " MiB");
  c.require(took < most_time, "a reply takes less than ten seconds of processor time",
            where + ": " + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()) + " ms");
}

/// For an own transport the request is what comes from outside. Its host has checked that it is one JSON object of at most 96 levels.
void extreme_requests(Case& c, const Subject& plugin, belay_instance* instance, const Material& one) {
  const auto answer = [&](const std::string& words, const std::string& body) {
    c.doing("" + one.tape.name + " with " + words);
    const Material changed(one.tape, {.body = body});
    EventTape tape(one.tape, EventTape::Keep::numbers);
    const CpuClock clock;
    const belay_status status = play_bare(plugin, instance, changed.lent, CassetteReply{}, tape);
    judge(c, tape, status, true, words);
    c.require(clock.so_far() < most_time, "a request takes less than ten seconds of processor time", words);
  };
  const std::string head = R"({"model":"m1","messages":[{"role":"user","content":)", tail = "}]}";
  answer("a content nested 90 levels deep", head + nested(90, true) + tail);
  answer("a text of 4 MiB", head + "\"" + repeated("A line that says 42 things about /tmp/file.txt.\\n", (4u << 20) / 50) + "\"" + tail);
  answer("a text of 4 MiB without a space", head + "\"" + std::string(4u << 20, 'x') + "\"" + tail);
  answer("a hundred thousand messages", R"({"model":"m1","messages":[)" + repeated(R"({"role":"user","content":"hi"},)", 100'000) + R"({"role":"user","content":"Summarise"}]})");
}

void deep_failures(Case& c, const Subject& plugin, belay_instance* instance) {
  for (const std::string& body : {nested(1u << 16, false), repeated("{\"error\":", 7000), "{\"error\":{\"message\":\"" + std::string(60'000, 'x') + "\"}}", std::string(1u << 16, '\0')}) {
    c.doing("classify_error() of " + std::to_string(body.size()) + " bytes that begin with " + printable(body.substr(0, 20)));
    CassetteReply reply;
    reply.status = 429;
    reply.body = body;
    const LentFailure failure(reply);
    ClassificationRoom room;
    const TestHost::Inside inside(Where::any, "classify_error");
    plugin.api->classify_error(instance, failure.get(), &room.out);
  }
}

}  // namespace

/// Catches: recursion and buffers without a bound, work that grows faster than the body.
void extreme_replies(Case& c) {
  const Subject& plugin = c.plugin();
  const Materials all = whole_replies(c, plugin);
  const BareAccount first(c, plugin, all.front()->lent);
  deep_failures(c, plugin, first.get());
  if (plugin.own_transport()) return extreme_requests(c, plugin, first.get(), *all.front());
  for (const bool stream : {false, true}) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one->tape.stream == stream; });
    if (found == all.end()) continue;
    const BareAccount account(c, plugin, (*found)->lent);
    for (const auto& [words, make] : extremes(stream)) one_extreme(c, plugin, account.get(), **found, words, make());
  }
}

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

std::vector<std::pair<std::string, Headers>> hostile(Noise& noise) {
  const std::string digits(std::size_t{64} << 10, '9');
  Headers thousand(1000, {"x-filler", "value"});
  Headers thousand_types(1000, {"content-type", "text/event-stream"});
  std::vector<std::pair<std::string, Headers>> all = {
      {"no header at all", {}},
      {"empty names and values", {{"", ""}, {"content-type", ""}, {"", "text/event-stream"}}},
      {"content-type twice", {{"content-type", "application/json"}, {"content-type", "text/event-stream"}}},
      {"retry-after twice", {{"retry-after", "1"}, {"retry-after", "2"}}},
      {"values of 64 KiB", {{"content-type", std::string(std::size_t{64} << 10, 'a')}, {"retry-after", digits}, {"x-request-id", digits}, {"retry-after-ms", digits}}},
      {"values with NUL bytes", {{"content-type", std::string("text/event-stream\0json", 22)}, {"retry-after", std::string("3\0 4", 4)}, {std::string("a\0b", 3), "c"}}},
      {"values that are no UTF-8", {{"content-type", "\xFF\xFE\xC3"}, {"retry-after", "\xF0\x9F"}, {"www-authenticate", "Bearer realm=\"\xC3"}}},
      {"values that stop in the middle", {{"content-type", "text/event-stream; charset="}, {"retry-after", "Wed, 21 Oct"}, {"www-authenticate", "Bearer error=\""}}},
      {"a length that is not true", {{"content-length", "18446744073709551616"}, {"content-length", "-1"}}},
      {"an encoding that is not there", {{"content-encoding", "gzip"}, {"transfer-encoding", "chunked"}}},
      {"a thousand headers", thousand},
      {"a thousand content types", thousand_types},
  };
  for (int i = 0; i < 200; ++i) {
    Headers some = noise.headers();
    for (auto& [name, value] : some) value = noise.one_in(3) ? noise.bytes(noise.below(5000)) : value;
    all.emplace_back("headers of the seed, set " + std::to_string(i), std::move(some));
  }
  return all;
}

/// Fields with a larger stride than the struct has, as a later host may have it (P5); each text ends at a page of its own that may not be touched.
class StridedFields {
 public:
  explicit StridedFields(const Headers& headers) : fields_(headers.size() * stride, alignof(belay_field)) {
    std::fill(fields_.data(), fields_.data() + fields_.size(), std::byte{0xA5});
    for (std::size_t i = 0; i < headers.size(); ++i) {
      const belay_field field{keep(headers[i].first), keep(headers[i].second), 0, 0};
      std::memcpy(fields_.data() + i * stride, &field, sizeof field);
    }
    count_ = static_cast<std::uint32_t>(headers.size());
  }
  [[nodiscard]] belay_fields get() const { return {reinterpret_cast<const belay_field*>(fields_.data()), count_, stride}; }

 private:
  static constexpr std::uint32_t stride = sizeof(belay_field) + 24;
  belay_str keep(const std::string& text) {
    texts_.push_back(std::make_unique<GuardedBytes>(std::string_view(text)));
    return lend(texts_.back()->view());
  }
  GuardedBytes fields_;
  std::vector<std::unique_ptr<GuardedBytes>> texts_;
  std::uint32_t count_ = 0;
};

void with_headers(const Case& c, const Subject& plugin, belay_instance* instance, const Material& one, const Headers& headers, const std::string& where) {
  const StridedFields fields(headers);
  const CassetteReply reply = one.reply();
  EventTape tape(one.tape, EventTape::Keep::numbers);
  BareExchange exchange(plugin, instance, one.lent);
  if (!exchange.begun() || exchange.build(silent_writer()) != BELAY_OK) return;
  const Guarded<belay_head> head(belay_head{sizeof(belay_head), reply.status, fields.get()});
  belay_status status = tape.as_host(exchange.head(head.get(), tape));
  PieceWindow window;
  if (status == BELAY_OK) status = tape.as_host(exchange.chunk(window.put(reply.body), tape));
  if (status == BELAY_OK) status = tape.as_host(exchange.finish(reply.body.size() > PieceWindow::most ? BELAY_FINISH_TRUNCATED : BELAY_FINISH_COMPLETE, tape));
  judge(c, tape, status, true, where);
}

void failure_with_headers(const Case& c, const Subject& plugin, belay_instance* instance, const Headers& headers, const std::string& where) {
  const StridedFields fields(headers);
  static constexpr std::string_view body = R"({"error":{"message":"slow down"}})";
  const GuardedBytes guarded{body};
  belay_failure failure{};
  failure.size = sizeof failure;
  failure.kind = BELAY_FAILURE_STATUS;
  failure.status = 429;
  failure.headers = fields.get();
  failure.body = lend_bytes(guarded.view());
  ClassificationRoom room;
  const TestHost::Inside inside(Where::any, "classify_error");
  const belay_status status = plugin.api->classify_error(instance, &failure, &room.out);
  c.require(status <= BELAY_STOP, "statuses are of the ABI", where + ": classify_error() answered " + std::to_string(status));
}

}  // namespace

/// Catches: a header's value read as if it were terminated or decent.
void hostile_headers(Case& c) {
  const Subject& plugin = c.plugin();
  const Materials all = whole_replies(c, plugin);
  const BareAccount account(c, plugin, all.front()->lent);
  Noise noise(c.random());
  for (const auto& [words, headers] : hostile(noise)) {
    c.doing("" + words);
    failure_with_headers(c, plugin, account.get(), headers, words);
    if (!plugin.own_transport()) with_headers(c, plugin, account.get(), *all.front(), headers, words);
  }
}

}  // namespace belay::conform
