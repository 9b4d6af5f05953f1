#include "credentials/store.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "base/origin.hpp"
#include "credential.hpp"
#include "flights.hpp"
#include "leader.hpp"
#include "pool.hpp"
#include "reading.hpp"

namespace belay::credentials {
namespace {

struct Pool {
  std::string provider;
  Strategy strategy = Strategy::fill_first;
  std::vector<std::unique_ptr<Credential>> credentials;
};

RefreshResult unknown(const RefreshRequest& request) {
  RefreshResult result;
  result.outcome = RefreshOutcome::failed_transient;
  result.message = "there is no credential " + request.provider + "#" + request.id;
  return result;
}

}  // namespace

struct Store::Impl {
  Impl(state::State& s, const Clock& c, Random& r, Workers& workers, const std::vector<PoolSettings>& settings,
       Options o)
      : state(s),
        clock(c),
        random(r),
        options(std::move(o)),
        ledger(s, c),
        files(ledger),
        leader(ledger, files, c, options, stop.token()),
        flights(workers) {
    for (const PoolSettings& pool : settings) {
      Pool made{pool.provider, pool.strategy, {}};
      for (const CredentialSettings& credential : pool.credentials) {
        made.credentials.push_back(
            std::make_unique<Credential>(make_card(pool, credential, ledger.fingerprints()), ledger, files, clock));
      }
      pools.push_back(std::move(made));
    }
  }

  Pool* pool(std::string_view provider) {
    const auto found =
        std::find_if(pools.begin(), pools.end(), [&](const Pool& pool) { return pool.provider == provider; });
    return found == pools.end() ? nullptr : &*found;
  }

  Credential* find(std::string_view provider, std::string_view id) {
    Pool* of = pool(provider);
    if (of == nullptr) return nullptr;
    const auto found = std::find_if(of->credentials.begin(), of->credentials.end(),
                                    [&](const auto& item) { return item->card().settings.id == id; });
    return found == of->credentials.end() ? nullptr : found->get();
  }

  void load(Credential& credential, Read read, std::function<void(Lookup)> done);
  RefreshResult lead(Credential& credential, const RefreshRequest& request, const HookStarted& started);
  Status status_of(Credential& credential);

  state::State& state;
  const Clock& clock;
  Random& random;
  const Options options;
  Ledger ledger;
  WriteBack files;
  CancelSource stop;
  Leader leader;
  std::vector<Pool> pools;

  std::mutex loading_mutex;
  std::map<std::pair<const Credential*, Read>, std::vector<std::function<void(Lookup)>>>
      loading;  // guarded by loading_mutex

  Flights flights;  // last: what runs in it uses the rest
};

Store::Store(state::State& state, const Clock& clock, Random& random, Workers& workers, std::vector<PoolSettings> pools,
             Options options)
    : impl_(std::make_unique<Impl>(state, clock, random, workers, pools, std::move(options))) {}

Store::~Store() { impl_->stop.cancel(); }

bool Store::keyless(std::string_view provider) const {
  const Pool* pool = impl_->pool(provider);
  return pool == nullptr || pool->credentials.empty();
}

std::vector<std::string> Store::order(std::string_view provider) {
  const Pool* pool = impl_->pool(provider);
  if (pool == nullptr) return {};
  if (pool->credentials.size() == 1) return {pool->credentials.front()->card().settings.id};
  std::vector<PoolEntry> entries;
  for (const auto& credential : pool->credentials) {
    const ViewPtr view = credential->look(Read::cached);
    entries.push_back({credential->card().settings.id, view->identity, view->why.empty()});
  }
  return take_turn(pool->provider, pool->strategy, entries, impl_->state, impl_->random);
}

void Store::used(std::string_view provider, std::string_view id) {
  const Pool* pool = impl_->pool(provider);
  if (pool == nullptr || pool->strategy != Strategy::least_used) return;
  note_use(pool->provider, std::string(id), impl_->state);
}

Lookup Store::lookup(std::string_view provider, std::string_view id, Read read) {
  Credential* credential = impl_->find(provider, id);
  if (credential == nullptr)
    return {
        Availability::missing, nullptr, {}, "there is no credential " + std::string(provider) + "#" + std::string(id)};
  return credential->look(read)->lookup(impl_->clock.unix_ms());
}

// ----------------------------------------------------------------------------------------------------------- loading

void Store::load(std::string_view provider, std::string_view id, Read read, std::function<void(Lookup)> done) {
  Credential* credential = impl_->find(provider, id);
  if (credential == nullptr)
    return impl_->flights.run([lookup = this->lookup(provider, id, read), done = std::move(done)] { done(lookup); });
  impl_->load(*credential, read, std::move(done));
}

/// A command runs once for all who wait for it in the same way.
void Store::Impl::load(Credential& credential, Read read, std::function<void(Lookup)> done) {
  {
    const std::lock_guard lock(loading_mutex);
    auto& waiting = loading[{&credential, read}];
    waiting.push_back(std::move(done));
    if (waiting.size() > 1) return;
  }
  flights.run([this, &credential, read] {
    const Millis limit = leader.limit_of(credential.card().provider);
    const ViewPtr view = read == Read::fresh ? credential.read(limit, stop.token(), Leased::no)
                                             : credential.loaded(limit, stop.token(), Leased::no);
    const Lookup lookup = view->lookup(clock.unix_ms());
    std::vector<std::function<void(Lookup)>> waiting;
    {
      const std::lock_guard lock(loading_mutex);
      waiting = std::move(loading.extract({&credential, read}).mapped());
    }
    for (const auto& done : waiting) done(lookup);
  });
}

// -------------------------------------------------------------------------------------------------------- refreshing

void Store::refresh(RefreshRequest request, std::function<void(RefreshResult)> done) {
  Credential* credential = impl_->find(request.provider, request.id);
  if (credential == nullptr)
    return impl_->flights.run([result = unknown(request), done = std::move(done)] { done(result); });
  if (request.asked_at == 0) request.asked_at = impl_->clock.unix_ms();
  const ViewPtr view = credential->look(Read::cached);
  // An operator wants a try in any case, but a source that was replaced since the last time is as good as one.
  const bool newer =
      request.cause == Cause::operator_ ? credential->take_news() : view->generation() > request.failed_generation;
  if (newer && view->ready(impl_->clock.unix_ms())) {
    RefreshResult result;
    result.outcome = RefreshOutcome::refreshed;
    result.generation = view->generation();
    return impl_->flights.run([result, done = std::move(done)] { done(result); });
  }
  impl_->flights.join(
      Ledger::lease_name(credential->card(), view->standing), std::move(request),
      [impl = impl_.get(), credential](const RefreshRequest& wanted, const HookStarted& started) {
        return impl->lead(*credential, wanted, started);
      },
      std::move(done));
}

/// Only a refresh token can be spent, so only its refresh must not be cut by the end of this process. The rest is
/// refreshed here: what a command prints is in this process's memory alone.
RefreshResult Store::Impl::lead(Credential& credential, const RefreshRequest& request, const HookStarted& started) {
  return options.elsewhere && credential.card().has_grant ? options.elsewhere(request)
                                                          : leader.lead(credential, request, started);
}

RefreshResult Store::refresh_here(const RefreshRequest& request) {
  Credential* credential = impl_->find(request.provider, request.id);
  return credential == nullptr ? unknown(request) : impl_->leader.lead(*credential, request, nullptr);
}

// ------------------------------------------------------------------------------------------------------------ status

Status Store::Impl::status_of(Credential& credential) {
  const Card& card = credential.card();
  const ViewPtr view = credential.look(Read::cached);
  const Lookup lookup = view->lookup(clock.unix_ms());
  Status status;
  status.provider = card.provider;
  status.id = card.settings.id;
  status.type = card.settings.type;
  status.availability = lookup.availability;
  status.why = lookup.why;
  for (const auto& [key, source] : card.settings.sources) status.sources.push_back(key + ": " + source.shown());
  if (const auto command = card.field("command"); !command.empty()) {
    Source source{.kind = Source::Kind::exec, .place = std::string(command), .pointer = {}, .value = {}};
    status.sources.push_back("command: " + source.shown());
  }
  status.origins = card.origins;
  if (const auto origin = origin_of(card.field("token_url")); origin)
    status.origins.push_back(origin->text() + " (refresh token only)");
  Standing standing = view->standing;
  if (standing.generation() == 0) {  // not read yet, or missing: what is on record all the same
    if (auto recorded = ledger.look(card)) standing = *std::move(recorded);
  }
  const Record& record = standing.current();
  status.generation = record.generation;
  status.expires = view->expires;
  status.refreshed_at = record.refreshed_at;
  if (record.last) {
    status.last_outcome = record.last->outcome;
    status.last_message = record.last->message;
  }
  return status;
}

std::vector<Status> Store::status() {
  std::vector<Status> all;
  for (const Pool& pool : impl_->pools) {
    for (const auto& credential : pool.credentials) all.push_back(impl_->status_of(*credential));
  }
  return all;
}

}  // namespace belay::credentials
