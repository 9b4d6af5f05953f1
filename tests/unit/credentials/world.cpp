#include "world.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace belay::credentials {

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "belay-credentials-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path fresh = path.string() + ".fresh";
  std::ofstream(fresh) << text;
  chmod(fresh.c_str(), 0600);
  std::filesystem::rename(fresh, path);
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

Source source(const std::string& spelling) { return parse_source(spelling).value(); }

CredentialSettings key_from(const std::string& id, const std::string& spelling) {
  CredentialSettings settings;
  settings.id = id;
  settings.type = "api_key";
  settings.sources["source"] = source(spelling);
  return settings;
}

CredentialSettings login_in(const std::filesystem::path& file, const std::string& url) {
  CredentialSettings settings;
  settings.id = "main";
  settings.type = "oauth2";
  settings.fields = {{"token_url", url}, {"client_id", "belay"}};
  settings.sources["access_token"] = source("file:" + file.string() + "#/access_token");
  settings.sources["refresh_token"] = source("file:" + file.string() + "#/refresh_token");
  return settings;
}

std::string login_json(int number) {
  const std::string n = std::to_string(number);
  return R"({"access_token": "at-SECRET-)" + n + R"(", "refresh_token": "rt-SECRET-)" + n + "\"}";
}

std::string value_of(const std::vector<Field>& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name == name) return std::string(field.value.reveal());
  }
  return {};
}

std::string secret_of(const Lookup& lookup) {
  return lookup.snapshot ? value_of(lookup.snapshot->fields, "secret") : "";
}

HookOutput tokens(int number, std::optional<UnixMs> expires) {
  HookOutput output{.outcome = RefreshOutcome::refreshed};
  output.fields.push_back({"secret", Secret("at-SECRET-" + std::to_string(number)), true});
  output.fields.push_back({"refresh_token", Secret("rt-SECRET-" + std::to_string(number)), true});
  output.expires = expires;
  return output;
}

World::World() : hook([](const HookInput&) { return HookOutput{.outcome = RefreshOutcome::not_applicable}; }) {
  state = open_state("state");
}

World::~World() = default;

std::unique_ptr<state::State> World::open_state(const std::string& name) const {
  auto opened = state::open("file:" + (dir.path() / name).string());
  if (!opened) throw std::runtime_error(opened.error().message);
  return *std::move(opened);
}

void World::open(std::vector<PoolSettings> pools) {
  pools_ = std::move(pools);
  reopen();
}

void World::reopen() {
  store.reset();
  state = open_state("state");
  Options options;
  options.hook = [this](const HookInput& input) {
    ++hook_calls;
    return hook(input);
  };
  options.hook_limit = [this](const std::string&) { return hook_limit; };
  options.elsewhere = elsewhere;
  store = std::make_unique<Store>(*state, clock, random, workers, pools_, std::move(options));
}

Lookup World::load(Read read, const std::string& provider) {
  std::promise<Lookup> done;
  store->load(provider, "main", read, [&](Lookup lookup) { done.set_value(std::move(lookup)); });
  return done.get_future().get();
}

RefreshRequest World::request(Cause cause, std::uint64_t failed_generation) const {
  RefreshRequest wanted;
  wanted.provider = "p";
  wanted.id = "main";
  wanted.cause = cause;
  wanted.failed_generation = failed_generation;
  wanted.wait_until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  return wanted;
}

std::future<RefreshResult> World::refresh_async(RefreshRequest wanted) {
  auto done = std::make_shared<std::promise<RefreshResult>>();
  auto future = done->get_future();
  store->refresh(std::move(wanted), [done](RefreshResult result) { done->set_value(std::move(result)); });
  return future;
}

RefreshResult World::refresh(std::uint64_t failed_generation, Cause cause, const std::string& provider) {
  auto wanted = request(cause, failed_generation);
  wanted.provider = provider;
  return refresh_async(std::move(wanted)).get();
}

std::filesystem::path World::record(const std::string& area) const {
  for (const auto& entry : std::filesystem::directory_iterator(dir.path() / "state" / area)) return entry.path();
  return {};
}

}  // namespace belay::credentials
