#include "drive/shared_login.hpp"

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "base/time.hpp"
#include "base/workers.hpp"
#include "credentials/store.hpp"
#include "drive/forked.hpp"
#include "state/state.hpp"

namespace belay::conform {
namespace {

constexpr char provider[] = "conform";

credentials::Source literal(const std::string& value) {
  credentials::Source source;
  source.kind = credentials::Source::Kind::literal;
  source.value = Secret(value);
  return source;
}

/// [[provider.conform.credential]] as its owner would write it: secrets are sources, the rest plain settings.
credentials::PoolSettings pool_of(const Login& login) {
  credentials::CredentialSettings settings;
  settings.id = login.tape.credential_id;
  settings.type = login.tape.credential_type;
  for (const CassetteField& field : login.tape.fields) {
    if (field.secret) {
      settings.sources[field.name == "secret" ? "access_token" : field.name] = literal(field.value);
    } else {
      settings.fields[field.name] = field.value;
    }
  }
  return {.provider = provider, .origin = "https://api.belay.example", .strategy = credentials::Strategy::fill_first, .credentials = {std::move(settings)}};
}

credentials::RefreshOutcome outcome_in_words(std::uint32_t outcome) {
  using credentials::RefreshOutcome;
  switch (outcome) {
    case BELAY_REFRESHED: return RefreshOutcome::refreshed;
    case BELAY_UNCHANGED: return RefreshOutcome::unchanged;
    case BELAY_NOT_APPLICABLE: return RefreshOutcome::not_applicable;
    case BELAY_FAILED_PERMANENT: return RefreshOutcome::failed_permanent;
    case BELAY_NEEDS_INTERACTION: return RefreshOutcome::needs_interaction;
    default: return RefreshOutcome::failed_transient;
  }
}

/// belay.state/1 of this process, from and to the folder: the hook runs under the lease, so nobody else is at it.
class SharedNotes {
 public:
  explicit SharedNotes(std::string file) : file_(std::move(file)) {}
  void fetch(TestHost& host) const {
    std::ifstream in(file_, std::ios::binary);
    const auto texts = unpacked(std::string(std::istreambuf_iterator<char>(in), {}));
    host.state.clear();
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2) host.state[texts[i]] = texts[i + 1];
  }
  void store(const TestHost& host) const {
    std::vector<std::string> texts;
    for (const auto& [key, value] : host.state) {
      texts.push_back(key);
      texts.push_back(value);
    }
    std::ofstream(file_, std::ios::binary) << packed(texts);
  }

 private:
  std::string file_;
};

}  // namespace

struct SharedLogin::Impl {
  Subject& plugin;
  belay_instance* instance;
  Login login;
  SharedNotes notes;
  std::unique_ptr<state::State> state;
  Workers workers{4};
  std::unique_ptr<credentials::Store> store;

  Impl(Subject& its_plugin, belay_instance* its_instance, const Login& its_login, const std::string& folder)
      : plugin(its_plugin), instance(its_instance), login(its_login), notes(folder + ".notes") {
    auto opened = state::open("file:" + folder);
    if (!opened) throw std::runtime_error(opened.error().message);
    state = *std::move(opened);
    credentials::Options options;
    options.hook = [this](const credentials::HookInput& input) { return hook(input); };
    options.hook_limit = [](const std::string&) { return Millis(10'000); };
    store = std::make_unique<credentials::Store>(*state, system_clock(), system_random(), workers, std::vector{pool_of(login)}, std::move(options));
  }

  credentials::HookOutput hook(const credentials::HookInput& input) {
    Cassette tape = login.tape;
    tape.fields.clear();
    for (const auto& field : input.fields) tape.fields.push_back({field.name, std::string(field.value.reveal()), field.secret});
    tape.expires_unix_ms = input.expires.value_or(0);
    tape.refresh->generation = input.generation;
    notes.fetch(plugin.host);
    const auto network = plugin.host.network;
    // As in the real host: the first request is on record before it goes out.
    plugin.host.network = [&](const NetworkRequest& request) {
      if (input.before_request) {
        if (auto recorded = input.before_request(); !recorded) return no_reply();
      }
      return network(request);
    };
    const Refreshed got = conform::refresh(plugin, instance, tape);
    plugin.host.network = network;
    notes.store(plugin.host);
    return output_of(got);
  }

  static credentials::HookOutput output_of(const Refreshed& got) {
    credentials::HookOutput output;
    output.outcome = outcome_in_words(outcome_of(got));
    output.message = got.threw.empty() ? got.error : got.threw;
    if (output.outcome != credentials::RefreshOutcome::refreshed) return output;
    for (const CassetteField& field : got.emitted) output.fields.push_back({field.name, Secret(field.value), field.secret});
    if (got.out.expires_unix_ms > 0) output.expires = got.out.expires_unix_ms;
    output.never_expires = got.out.expires_unix_ms == -1;
    return output;
  }
};

SharedLogin::SharedLogin(Subject& plugin, belay_instance* instance, const Login& login, const std::string& folder)
    : impl_(std::make_unique<Impl>(plugin, instance, login, folder)) {}

SharedLogin::~SharedLogin() = default;

SharedLogin::Now SharedLogin::now() {
  const auto found = impl_->store->lookup(provider, impl_->login.tape.credential_id, credentials::Read::fresh);
  Now now;
  now.trouble = found.why;
  if (!found.snapshot) return now;
  now.generation = found.snapshot->generation;
  for (const auto& field : found.snapshot->fields) {
    if (field.name == "secret") now.secret = field.value.reveal();
  }
  return now;
}

SharedLogin::Done SharedLogin::refresh(std::uint64_t failed, const std::function<void()>& asked) {
  credentials::RefreshRequest request;
  request.provider = provider;
  request.id = impl_->login.tape.credential_id;
  request.failed_generation = failed;
  request.wait_until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  std::promise<credentials::RefreshResult> result;
  impl_->store->refresh(std::move(request), [&](credentials::RefreshResult done) { result.set_value(std::move(done)); });
  asked();
  const auto done = result.get_future().get();
  return {std::string(to_string(done.outcome)), done.message, now()};
}

}  // namespace belay::conform
