#include "ledger.hpp"

#include <algorithm>
#include <functional>

#include "base/secret.hpp"

namespace belay::credentials {
namespace {

void wipe_text(std::string& text) { wipe(text.data(), text.size()); }

/// A power cut may leave an empty file where a record was not synced, which would cost a person a login. The
/// fingerprints of an exec credential, which may change with every process, are not worth a sync each.
Durable durable_for(const Card& card) { return card.is_exec() ? Durable::no : Durable::yes; }

}  // namespace

std::string Ledger::grant_key(const std::string& id) { return "grant/" + id; }

Result<std::optional<Record>> Ledger::get(const std::string& key) {
  auto text = state_.get(key);
  if (!text) return text.error();
  if (!*text) return std::optional<Record>{};
  auto record = decode_record(key, **text);
  wipe_text(**text);
  if (!record) return record.error();
  return std::optional(*std::move(record));
}

Result<Record> Ledger::update(const std::string& key, const std::function<void(Record&)>& change, Durable durable) {
  std::optional<Error> damaged;
  Record now;
  auto stored = state_.update(
      key,
      [&](const std::optional<std::string>& old) -> std::optional<std::string> {
        now = Record{};
        if (old) {
          auto record = decode_record(key, *old);
          if (!record) {
            damaged = record.error();
            return old;  // whatever it holds, it is not ours to overwrite
          }
          now = *std::move(record);
        }
        change(now);
        now.generation = std::max<std::uint64_t>(now.generation, 1);
        return encode_record(now);
      },
      durable);
  if (damaged) return *damaged;
  if (!stored) return stored.error();
  if (*stored) wipe_text(**stored);
  return now;
}

Result<Standing> Ledger::look(const Card& card) {
  Standing standing;
  auto entry = get(card.key);
  if (!entry) return entry.error();
  if (*entry) standing.entry = **std::move(entry);
  if (!card.has_grant || standing.entry.grant.empty()) return standing;
  auto grant = get(grant_key(standing.entry.grant));
  if (!grant) return grant.error();
  standing.grant = *std::move(grant);
  return standing;
}

Result<Standing> Ledger::settle(const Card& card, const Values& values, Leased leased) {
  auto standing = look(card);
  if (!standing) return standing;
  const Prints prints = prints_of(card, values, fingerprints_);
  return card.has_grant ? settle_grant(card, values, *std::move(standing), prints, leased)
                        : settle_own(card, *std::move(standing), prints);
}

// --------------------------------------------------------------------------------------------------- without a grant

Result<Standing> Ledger::settle_own(const Card& card, Standing standing, const Prints& prints) {
  const Record& before = standing.entry;
  if (before.generation != 0 && before.grant.empty() && before.seen == prints) return standing;
  std::uint64_t floor = 0;
  if (!before.grant.empty()) {  // its type was another one until now; generations go on
    const auto grant = get(grant_key(before.grant));
    if (grant && *grant) floor = (*grant)->generation;
  }
  const UnixMs now = clock_.unix_ms();
  const bool known = before.generation != 0;
  auto stored = update(
      card.key,
      [&](Record& record) {
        if (record.generation != 0 && record.grant.empty() && record.seen == prints)
          return;  // another process saw it too
        const std::uint64_t next = std::max(record.generation, floor) + 1;
        record = Record{.generation = next, .seen = prints, .since = now};
        if (known) record.refreshed_at = now;
      },
      durable_for(card));
  if (!stored) return stored.error();
  return Standing{*std::move(stored), std::nullopt, known};
}

// ---------------------------------------------------------------------------------------------------------- the rest

std::string Ledger::lease_name(const Card& card, const Standing& standing) {
  return "refresh/" + (card.has_grant && !standing.entry.grant.empty() ? grant_key(standing.entry.grant) : card.key);
}

Result<std::unique_ptr<state::Lease>> Ledger::lease(const Card& card, const Standing& standing, MonoTime until,
                                                    const CancelToken& cancel) {
  return state_.lease(lease_name(card, standing), until, cancel);
}

std::string Ledger::identity(const Card& card, const Standing& standing, const Values& values) const {
  if (standing.grant)
    return fingerprints_.of("identity grant", {standing.entry.grant, std::to_string(standing.grant->replaced)});
  if (card.is_exec()) {
    const Source* source = card.source("source");
    return fingerprints_.of("identity exec",
                            {card.field("command"), source == nullptr ? std::string_view{} : source->place});
  }
  std::string all;
  for (const auto& [key, value] : values.sources) all += fingerprints_.of(key, {value.reveal()});
  return all.empty() ? all : fingerprints_.of("identity", {all});
}

Result<void> Ledger::change(const Card& card, Standing& standing, const std::function<void(Record&)>& change) {
  auto stored = update(standing.grant ? grant_key(standing.entry.grant) : card.key, change, durable_for(card));
  if (!stored) return stored.error();
  (standing.grant ? *standing.grant : standing.entry) = *std::move(stored);
  return {};
}

Result<void> Ledger::change_entry(const Card& card, Standing& standing, const std::function<void(Record&)>& change) {
  auto stored = update(card.key, change, durable_for(card));
  if (!stored) return stored.error();
  standing.entry = *std::move(stored);
  return {};
}

}  // namespace belay::credentials
