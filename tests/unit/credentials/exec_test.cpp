// Commands: sources of kind exec, and the exec type.
#include "world.hpp"

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;

class Exec : public World {
 protected:
  /// Prints what stands in `out`, and counts its runs in `runs`.
  std::string command() const { return "echo run >> " + file("runs").string() + "; cat " + file("out").string(); }
  int runs() const {
    const std::string text = std::filesystem::exists(file("runs")) ? read_text(file("runs")) : "";
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  }
  CredentialSettings exec_type() const {
    CredentialSettings settings;
    settings.id = "main";
    settings.type = "exec";
    settings.fields = {{"command", command()}};
    return settings;
  }
  void use_default_hook() {
    hook = [this](const HookInput& input) { return default_refresh(input, nullptr, clock); };
  }
  static std::string document(const std::string& token, UnixMs expires) {
    return R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":")" + token +
           R"(","expirationTimestamp":")" + format_rfc3339(expires) + "\"}}";
  }
};

TEST_F(Exec, ACommandRunsOnlyWhenLoadedAndThenOnce) {
  write_text(file("out"), "sk-1");
  open_one(key_from("main", "exec:" + command()));
  EXPECT_EQ(lookup().availability, Availability::blocking);
  EXPECT_EQ(runs(), 0);
  EXPECT_EQ(secret_of(load()), "sk-1");
  EXPECT_EQ(secret_of(load()), "sk-1");
  EXPECT_EQ(lookup().availability, Availability::ready);
  EXPECT_EQ(runs(), 1);
}

TEST_F(Exec, AHeldOneIsRunAgain) {
  write_text(file("out"), "sk-1");
  open_one(key_from("main", "exec:" + command()));
  (void)load();
  write_text(file("out"), "sk-2");
  EXPECT_EQ(lookup(Read::fresh).availability, Availability::blocking);
  const Lookup found = load(Read::fresh);
  EXPECT_EQ(secret_of(found), "sk-2");
  EXPECT_EQ(found.snapshot->generation, 2U);
}

TEST_F(Exec, ManyWhoWaitForTheSameCommandRunItOnce) {
  write_text(file("out"), "sk-1");
  write_text(file("go"), "");
  open_one(key_from("main", "exec:while [ -e " + file("go").string() + " ]; do sleep 0.01; done; " + command()));
  std::vector<std::promise<Lookup>> found(20);
  for (auto& one : found)
    store->load("p", "main", Read::cached, [&](Lookup lookup) { one.set_value(std::move(lookup)); });
  std::filesystem::remove(file("go"));
  for (auto& one : found) EXPECT_EQ(secret_of(one.get_future().get()), "sk-1");
  EXPECT_EQ(runs(), 1);
}

TEST_F(Exec, AFailingCommandIsMissingAndNotRunForEveryCall) {
  open_one(key_from("main", "exec:echo run >> " + file("runs").string() + "; exit 3"));
  EXPECT_EQ(load().availability, Availability::missing);
  EXPECT_THAT(lookup().why, HasSubstr("ended with status 3"));
  EXPECT_EQ(lookup().availability, Availability::missing);
  EXPECT_EQ(runs(), 1);
  clock.advance(Millis(6'000));
  EXPECT_EQ(lookup().availability, Availability::blocking) << "after a while it is worth another try";
}

TEST_F(Exec, TheTypeKeepsWhatWasPrintedUntilItExpires) {
  const UnixMs expires = clock.unix_ms() + 1'000'000;
  write_text(file("out"), document("tok-1", expires));
  open_one(exec_type());
  use_default_hook();
  EXPECT_EQ(secret_of(load()), "tok-1");
  EXPECT_EQ(lookup().snapshot->expires, expires);
  EXPECT_EQ(lookup().availability, Availability::ready);
  EXPECT_EQ(runs(), 1);
  clock.advance(Millis(1'000'000));
  EXPECT_EQ(lookup().availability, Availability::refresh);
  write_text(file("out"), document("tok-2", expires + 1'000'000));
  const RefreshResult result = refresh(1, Cause::expired);
  EXPECT_EQ(result.outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(result.generation, 2U);
  EXPECT_EQ(runs(), 2) << "the hook runs the command, the host does not run it once more";
  EXPECT_EQ(secret_of(lookup()), "tok-2");
  EXPECT_EQ(lookup().snapshot->expires, expires + 1'000'000);
}

TEST_F(Exec, TheSameOutputAgainIsUnchanged) {
  write_text(file("out"), "tok-1");
  open_one(exec_type());
  use_default_hook();
  (void)load();
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::unchanged);
  EXPECT_EQ(lookup().snapshot->generation, 1U);
}

TEST_F(Exec, ACertificateAndKeyAreWhatAnExchangeGets) {
  write_text(
      file("out"),
      R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientCertificateData":"C1","clientKeyData":"K1"}})");
  open_one(exec_type());
  use_default_hook();
  const Lookup found = load();
  EXPECT_EQ(value_of(found.snapshot->fields, "certificate"), "C1");
  EXPECT_EQ(value_of(found.snapshot->fields, "key"), "K1");
  write_text(
      file("out"),
      R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientCertificateData":"C2","clientKeyData":"K2"}})");
  EXPECT_TRUE(refresh(1).connection_bound);
}

TEST_F(Exec, TwoProcessesEachRunTheirOwn) {
  write_text(file("out"), "tok-1");
  open_one(exec_type());
  use_default_hook();
  (void)load();
  const auto other_state = open_state("state");
  Store other(*other_state, clock, random, workers, {{.provider = "p", .origin = {}, .credentials = {exec_type()}}},
              {});
  std::promise<Lookup> loaded;
  other.load("p", "main", Read::cached, [&](Lookup found) { loaded.set_value(found); });
  EXPECT_EQ(secret_of(loaded.get_future().get()), "tok-1");
  write_text(file("out"), "tok-2");
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::refreshed);
  // The other one learns that there is something newer, runs its command and needs no hook.
  std::promise<RefreshResult> refreshed;
  other.refresh(request(Cause::rejected, 1), [&](RefreshResult result) { refreshed.set_value(result); });
  EXPECT_EQ(refreshed.get_future().get().outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(secret_of(other.lookup("p", "main", Read::cached)), "tok-2");
  EXPECT_EQ(other.lookup("p", "main", Read::cached).snapshot->generation, 2U);
}

TEST_F(Exec, ItsSecretsAreNeverInTheState) {
  write_text(file("out"), "tok-super-secret");
  open_one(exec_type());
  (void)load();
  EXPECT_THAT(read_text(record("credential")), ::testing::Not(HasSubstr("super")));
}

TEST_F(Exec, TheEndOfTheStoreDoesNotWaitForACommand) {
  open_one(key_from("main", "exec:echo run >> " + file("runs").string() + "; sleep 100"));
  std::promise<Lookup> found;
  store->load("p", "main", Read::cached, [&](Lookup lookup) { found.set_value(std::move(lookup)); });
  while (runs() == 0) std::this_thread::yield();
  const auto began = std::chrono::steady_clock::now();
  store.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(50));
  EXPECT_THAT(found.get_future().get().why, HasSubstr("was cancelled"));
}

TEST_F(Exec, ItIsRefreshedInThisProcessBecauseTheResultIsInMemory) {
  elsewhere = [](const RefreshRequest&) { return RefreshResult{}; };
  write_text(file("out"), "tok-1");
  open_one(exec_type());
  use_default_hook();
  (void)load();
  write_text(file("out"), "tok-2");
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::refreshed);
}

}  // namespace
}  // namespace belay::credentials
