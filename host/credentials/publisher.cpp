#include "publisher.hpp"

#include <algorithm>
#include <thread>

#include "base/log.hpp"

namespace belay::credentials {
namespace {

/// New tokens that can't be stored (a full disk) are lost with this process, and the old ones are spent: worth some
/// patience.
constexpr int store_attempts = 10;
constexpr Millis store_pause{300};

constexpr std::string_view lost =
    "the login was lost in an interrupted refresh: a token request had gone out when its process ended, and the old "
    "refresh token is refused now";

/// Where a person puts the new login.
std::string remedy(const Card& card) {
  const Source* source = card.source("refresh_token");
  if (source == nullptr) source = card.source("source");
  const std::string where =
      source == nullptr
          ? ""
          : " and put it into " + (source->kind == Source::Kind::literal ? "the configuration" : source->shown());
  return "; log in again" + where;
}

bool changes_something(const std::vector<Field>& now, const std::vector<Field>& fresh) {
  return std::any_of(fresh.begin(), fresh.end(), [&](const Field& field) {
    const Field* old = find_field(now, field.name);
    return !is_hidden(field.name) && (old == nullptr || !(old->value == field.value));
  });
}

void take_times(Record& record, const HookOutput& output, UnixMs now) {
  record.since = now;
  record.expires = output.never_expires ? std::nullopt : output.expires;
  record.refresh_after = output.refresh_after;
}

}  // namespace

RefreshResult Publisher::take(Turn& turn, HookOutput output) {
  if (output.outcome == RefreshOutcome::none) output.outcome = RefreshOutcome::not_applicable;
  if (output.outcome == RefreshOutcome::refreshed || output.outcome == RefreshOutcome::unchanged)
    return succeeded(turn, output);
  return failed(turn, output);
}

// --------------------------------------------------------------------------------------------------------- it worked

RefreshResult Publisher::succeeded(Turn& turn, HookOutput& output) {
  if (output.outcome == RefreshOutcome::unchanged) output.fields.clear();
  if (!changes_something(turn.view->snapshot->fields, output.fields)) output.outcome = RefreshOutcome::unchanged;
  if (turn.card.is_exec())
    keep_exec(turn, output);
  else if (auto stored = turn.standing.grant ? store_grant(turn, output) : store_own(turn, output); !stored) {
    return result_of(RefreshOutcome::failed_transient, turn.view->generation(), stored.error().message);
  }
  write_back(turn);
  const ViewPtr now = turn.credential.loaded(turn.limit, turn.stop, Leased::yes);
  log(LogLevel::info, turn.card.name,
      "refresh: " + std::string(to_string(output.outcome)) + ", generation " + std::to_string(now->generation()));
  RefreshResult result = result_of(output.outcome, now->generation(), std::move(output.message));
  result.connection_bound = output.connection_bound;
  return result;
}

/// The new tokens, durable before anybody can see them. Under the lease nobody else replaces the refresh token; if
/// somebody did, ours are the late result of a login that is not current any more.
Result<void> Publisher::store_grant(Turn& turn, HookOutput& output) {
  const Field* spent = find_field(turn.standing.grant->fields, "refresh_token");
  const Secret token = spent == nullptr ? Secret{} : spent->value;
  const UnixMs now = clock_.unix_ms();
  const bool changed = output.outcome == RefreshOutcome::refreshed;
  bool late = false;
  const auto take = [&](Record& grant) {
    const Field* current = find_field(grant.fields, "refresh_token");
    late = current == nullptr ? !token.empty() : !(current->value == token);
    if (late) return;
    if (changed) {
      grant.generation += 1;
      grant.refreshed_at = now;
    }
    for (const Field& field : output.fields) {
      if (field.name == "client_secret") continue;  // it has a source
      set_field(grant.fields, field);
      if (field.name == "refresh_token")
        learn(grant.issued, print_of(turn.card, "refresh_token", field.value.reveal(), ledger_.fingerprints()));
      if (field.name == "secret")
        learn(grant.issued, print_of(turn.card, "access_token", field.value.reveal(), ledger_.fingerprints()));
    }
    if (!output.fields.empty()) {
      take_times(grant, output, now);
      grant.in_flight.reset();
      grant.unwritten = turn.card.settings.write_back;
    } else {
      if (output.expires) grant.expires = output.expires;
      if (!turn.interrupted) grant.in_flight.reset();
    }
    grant.last = LastOutcome{output.outcome, grant.generation, now, output.message};
  };
  Result<void> stored;
  for (int attempt = 0; attempt < store_attempts; ++attempt) {
    stored = ledger_.change(turn.card, turn.standing, take);
    if (stored || output.fields.empty()) break;
    log(LogLevel::error, turn.card.name, "the new tokens can't be stored: " + stored.error().message);
    std::this_thread::sleep_for(store_pause);
  }
  if (!stored) return fail("the new tokens could not be stored: " + stored.error().message);
  if (late) return fail("its secret was replaced while it was being refreshed");
  return {};
}

/// What a hook made of a source (an exchanged token), unless it only read that source again.
Result<void> Publisher::store_own(Turn& turn, HookOutput& output) {
  const UnixMs now = clock_.unix_ms();
  if (output.outcome == RefreshOutcome::refreshed) {
    const ViewPtr again = turn.credential.read(turn.limit, turn.stop, Leased::yes);
    if (again->why.empty() && again->generation() > turn.view->generation()) {
      turn.standing = again->standing;
      return {};
    }
  }
  const std::uint64_t generation = turn.standing.entry.generation;
  bool late = false;
  auto stored = ledger_.change(turn.card, turn.standing, [&](Record& entry) {
    late = entry.generation != generation;
    if (late) return;
    if (output.outcome == RefreshOutcome::refreshed) {
      entry.generation += 1;
      entry.refreshed_at = now;
      entry.unwritten = turn.card.settings.write_back;
    }
    for (const Field& field : output.fields) set_field(entry.fields, field);
    if (!output.fields.empty()) take_times(entry, output, now);
    entry.last = LastOutcome{output.outcome, entry.generation, now, output.message};
  });
  if (stored && late) return fail("its secret was replaced while it was being refreshed");
  return stored;
}

/// What a command prints stays in memory: the command is there to be asked again.
void Publisher::keep_exec(Turn& turn, HookOutput& output) {
  Values values = *turn.view->values;
  for (Field& field : output.fields) set_field(values.made, std::move(field));
  if (!output.fields.empty() || output.expires) values.expires = output.expires;
  turn.standing = turn.credential.take(std::move(values), Leased::yes)->standing;
}

void Publisher::write_back(Turn& turn) {
  if (!turn.standing.current().unwritten) return;
  if (auto written = files_.write(turn.card, turn.standing); !written)
    log(LogLevel::warn, turn.card.name, written.error().message);
}

// -------------------------------------------------------------------------------------------------------- it did not

RefreshResult Publisher::failed(Turn& turn, HookOutput& output) {
  if (is_terminal(output.outcome)) {
    if (turn.interrupted) {
      output.outcome = RefreshOutcome::needs_interaction;
      output.message = std::string(lost) + (output.message.empty() ? "" : " (" + output.message + ")");
    }
    while (output.message.ends_with('.')) output.message.pop_back();   // it is the first half of a sentence
    output.message += (output.message.empty() ? "it is refused" : "") + remedy(turn.card);
  }
  const UnixMs now = clock_.unix_ms();
  auto noted = ledger_.change(turn.card, turn.standing, [&](Record& record) {
    record.last = LastOutcome{output.outcome, record.generation, now, output.message};
    if (!turn.interrupted) record.in_flight.reset();  // it ended, so what came of it is known
  });
  if (!noted) log(LogLevel::warn, turn.card.name, noted.error().message);
  RefreshResult result = result_of(output.outcome, turn.view->generation(), std::move(output.message));
  if (output.outcome == RefreshOutcome::failed_transient) result.retry_after = output.retry_after;
  return result;
}

}  // namespace belay::credentials
