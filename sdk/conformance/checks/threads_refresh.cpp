// THRD-04, 05, 06: refreshes beside exchanges, host services, threads of the plugin.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/utf8.hpp"
#include "checks/threads.hpp"
#include "drive/bare.hpp"
#include "drive/material.hpp"
#include "drive/play.hpp"
#include "drive/process_state.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {
namespace {

constexpr const char* old_secret = "sk-old-5f1c0a77e2d94b36";
constexpr const char* new_secret = "sk-new-93b7d2e480ac6f15";

/// One exchange lent twice, with the old secret and with the new one, and what each writes while nothing else goes on.
struct Pair {
  Pair(const Subject& plugin, belay_instance* instance, const Cassette& tape)
      : name(tape.name), before(tape, {.secret = old_secret}), after(tape, {.secret = new_secret, .generation = 2}) {
    expected_before = request_of(plugin, instance, before);
    expected_after = request_of(plugin, instance, after);
  }
  static std::string request_of(const Subject& plugin, belay_instance* instance, const Lent& lent) {
    BareExchange exchange(plugin, instance, lent);
    if (!exchange.begun()) return "begin() answered " + std::to_string(exchange.begin_status);
    RequestTape tape;
    const belay_status status = exchange.build(tape.writer());
    return tape.text() + "\nstatus " + std::to_string(status);
  }
  std::string name;
  Lent before, after;
  std::string expected_before, expected_after;
};

bool has(const std::string& text, const char* secret) { return text.find(secret) != std::string::npos; }

/// nullopt, or what is wrong with a request made with `own`. A secret that stands in the request as it is is looked for; one that is worked into it (a
/// signature) makes the whole request be compared.
std::optional<std::string> mixed(const std::string& got, const std::string& expected, const char* own, const char* other) {
  if (has(got, other)) return "it holds the secret of the other generation";
  if (has(expected, own)) return has(got, own) ? std::nullopt : std::optional<std::string>("its own secret is not in it");
  return got == expected ? std::nullopt : std::optional<std::string>("it is another request than without a refresh");
}

std::optional<std::string> both_right(const Subject& plugin, belay_instance* instance, const Pair& pair) {
  if (auto wrong = mixed(Pair::request_of(plugin, instance, pair.before), pair.expected_before, old_secret, new_secret)) return "lent the old secret, " + *wrong;
  if (auto wrong = mixed(Pair::request_of(plugin, instance, pair.after), pair.expected_after, new_secret, old_secret)) return "lent the new secret, " + *wrong;
  return std::nullopt;
}

/// Refreshes through the raw table: the new secret is what the token endpoint, or the source, gives.
class Refresher {
 public:
  Refresher(const Subject& plugin, Cassette tape) : plugin_(plugin), tape_(std::move(tape)) {
    for (CassetteField& field : tape_.fields) {
      if (field.name == "secret") field.value = old_secret;
    }
  }
  void operator()(belay_instance* instance) const {
    TestHost& host = the_host();
    const std::int64_t deadline = host.table()->mono_ns() + std::int64_t{30'000'000'000};
    const TestHost::RefreshContext context(host, deadline);
    const LentRefresh in(tape_, context.get(), deadline);
    const belay_field_sink sink{sizeof sink, 0, nullptr, [](void*, belay_str, belay_str, std::uint32_t) -> belay_status { return BELAY_OK; }};
    belay_refresh_out out{sizeof out, BELAY_FAILED_TRANSIENT, 0, 0, 0, 0, -1};
    ErrorRoom error;
    const TestHost::Inside inside(Where::refresh, "refresh_credentials");
    plugin_.api->refresh_credentials(instance, in.in(), &out, &sink, &error.error);
  }

 private:
  const Subject& plugin_;
  Cassette tape_;
};

/// The credential for the refresh: a cassette's that is refreshed, or an OAuth one where the plugin takes that, or whatever it takes.
Cassette refreshed_credential(const Subject& plugin) {
  for (const Cassette* tape : refreshes(plugin)) {
    if (tape->refresh->outcome == "refreshed") return *tape;
  }
  Cassette tape = invented(plugin, false);
  for (std::uint32_t i = 0; i < plugin.descriptor->credential_type_count; ++i) {
    if (told(plugin.descriptor->credential_types[i]) == "oauth2") tape.credential_type = "oauth2";
  }
  tape.fields = {{"secret", old_secret, true},
                 {"refresh_token", "rt-old", true},
                 {"token_url", "https://login.conformance.example/token", false},
                 {"client_id", "belay", false}};
  return tape;
}

/// The reply that a token endpoint gives: the cassette's with the new secret in it, or a plain OAuth one.
CassetteReply new_token(const Cassette& tape) {
  CassetteReply reply;
  reply.status = 200;
  reply.headers = {{"content-type", "application/json"}};
  reply.body = std::string(R"({"access_token":")") + new_secret + R"(","token_type":"bearer","expires_in":3600})";
  if (!tape.refresh || tape.refresh->exchanges.empty()) return reply;
  const auto secret = tape.refresh->emits.find("secret");
  CassetteReply recorded = tape.refresh->exchanges.back().reply;
  if (secret == tape.refresh->emits.end() || secret->second.empty()) return reply;
  const std::size_t at = recorded.body.find(secret->second);
  if (at == std::string::npos) return reply;
  recorded.body.replace(at, secret->second.size(), new_secret);
  return recorded;
}

/// Runs a job on another thread and waits for it, so long; the thread is joined at the end in any case.
class Beside {
 public:
  explicit Beside(std::function<void()> job) {
    thread_ = std::thread([this, job = std::move(job)] {
      job();
      const std::lock_guard lock(mutex_);
      done_ = true;
      changed_.notify_all();
    });
  }
  ~Beside() { thread_.join(); }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  bool wait(std::chrono::seconds most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, most, [this] { return done_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace

/// Catches: a token that the plugin keeps, and a lock held during a refresh's request.
void refresh_beside_exchanges(Case& c) {
  const Subject& plugin = c.plugin();
  if (plugin.own_transport()) c.not_applicable("with a transport of its own it writes no request");
  const Materials all = whole_replies(c, plugin);
  const auto keyed = std::find_if(all.begin(), all.end(), [](const auto& one) { return !one->tape.keyless && !one->tape.fields.empty(); });
  if (keyed == all.end()) c.not_applicable("it uses no credential");
  const BareAccount account(c, plugin, (*keyed)->lent);
  const Pair pair(plugin, account.get(), (*keyed)->tape);
  const Cassette credential = refreshed_credential(plugin);
  const Refresher refresh(plugin, credential);
  TestHost& host = the_host();
  host.sources = {{"secret", new_secret}, {"source", new_secret}, {"access_token", new_secret}};
  const auto require = [&](const std::optional<std::string>& wrong, const char* when) {
    c.require(!wrong, std::string("each request uses the secret that it was lent, ") + when, pair.name + ": " + wrong.value_or(""));
  };

  std::optional<std::string> wrong_during;
  bool waited = true, during = false;
  std::unique_ptr<Beside> beside;
  host.network = [&](const NetworkRequest&) {
    if (!beside) {
      during = true;
      beside = std::make_unique<Beside>([&] { wrong_during = both_right(plugin, account.get(), pair); });
      waited = beside->wait(std::chrono::seconds(5));
    }
    return new_token(credential);
  };
  c.doing("exchanges during the request of a refresh");
  BareExchange begun_before(plugin, account.get(), pair.before);
  c.require(begun_before.begun(), "begin() takes the credential that it took before", "status " + std::to_string(begun_before.begin_status));
  refresh(account.get());
  beside.reset();
  c.measured("exchanges during the refresh", during ? "made" : "none: the refresh made no request");
  c.require(waited, "an exchange goes on while a refresh waits for its reply", "it waited until the refresh was over");
  require(wrong_during, "while a refresh runs");
  c.doing("exchanges after a refresh");
  RequestTape late;
  const belay_status status = begun_before.build(late.writer());
  require(mixed(late.text() + "\nstatus " + std::to_string(status), pair.expected_before, old_secret, new_secret), "begun before a refresh, built after it");
  require(both_right(plugin, account.get(), pair), "after a refresh");

  c.doing("eight threads of exchanges beside twenty refreshes");
  host.network = [&](const NetworkRequest&) { return new_token(credential); };
  std::atomic<bool> stop{false};
  std::vector<std::optional<std::string>> wrong(8);
  std::vector<std::thread> threads;
  for (auto& mine : wrong) {
    threads.emplace_back([&] {
      while (!stop && !mine) mine = both_right(plugin, account.get(), pair);
    });
  }
  for (int i = 0; i < 20; ++i) refresh(account.get());
  stop = true;
  for (std::thread& thread : threads) thread.join();
  host.network = nullptr;
  for (const auto& mine : wrong) require(mine, "on eight threads beside refreshes");
}

/// Catches: a host service called from where its tag forbids it.
void services_only_where_allowed(Case& c) {
  Subject& plugin = c.plugin();
  TestHost& host = the_host();
  c.doing("everything once, watched by the host");
  exercise(c, plugin, material(c, plugin));
  const std::lock_guard lock(host.guard);
  for (const std::string& breach : host.breaches) {
    if (breach.find("cassette") != std::string::npos) continue;   // another check's question
    c.fail("host services are used where their tags allow it", printable(breach));
  }
}

/// Catches: a thread that goes on after destroy(), and one that was not declared.
void no_thread_survives(Case& c) {
  Subject& plugin = c.plugin();
  const std::size_t before = threads_settling_to(1).size();   // before the first create()
  const Materials all = material(c, plugin);
  // One that was joined may take a moment to vanish; where there may be some the number is taken as it is.
  std::size_t awaited = plugin.has(BELAY_CAP_OWN_THREADS) ? SIZE_MAX : before;
  std::size_t most = before;
  for (const auto& one : all) {
    c.doing("threads during " + one->tape.name);
    const BareAccount account(c, plugin, one->lent);
    EventTape tape(one->tape, EventTape::Keep::numbers);
    play_bare(plugin, account.get(), one->lent, one->reply(), tape);
    most = std::max(most, threads_settling_to(awaited).size());
    if (most > before) awaited = SIZE_MAX;   // waited for once
  }
  for (const Cassette* tape : refreshes(plugin)) {
    c.doing("threads during the refresh " + tape->name);
    const Account account(c, plugin, *tape);
    refresh(plugin, account.get(), *tape);
    most = std::max(most, threads_settling_to(awaited).size());
    if (most > before) awaited = SIZE_MAX;   // waited for once
  }
  const std::size_t after = threads_settling_to(before).size();
  c.measured("threads of its own", std::to_string(most - before));
  c.require(after <= before, "no thread survives destroy()", std::to_string(after - before) + " still run(s) a second later");
  c.require(most == before || plugin.has(BELAY_CAP_OWN_THREADS), "threads are started only with BELAY_CAP_OWN_THREADS",
            std::to_string(most - before) + " were started without it");
}

}  // namespace belay::conform
