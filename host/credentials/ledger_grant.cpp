// Grants: which login a credential belongs to, and what a changed source does to it.
#include <algorithm>
#include <functional>

#include "base/secret.hpp"
#include "ledger.hpp"

namespace belay::credentials {
namespace {

/// The sources that give something else than when they were last read.
std::vector<std::string> changed_keys(const Prints& seen, const Prints& now) {
  std::vector<std::string> keys;
  for (const auto& [key, print] : now) {
    const auto before = seen.find(key);
    if (before == seen.end() || before->second != print) keys.push_back(key);
  }
  return keys;
}

bool has(const std::vector<std::string>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// What belongs to the secret that was just replaced.
void forget_past(Record& record) {
  record.since.reset();
  record.expires.reset();
  record.refresh_after.reset();
  record.in_flight.reset();
  record.last.reset();
  record.unwritten = false;
}

}  // namespace

Result<Standing> Ledger::settle_grant(const Card& card, const Values& values, Standing standing, const Prints& prints,
                                      Leased leased) {
  const bool linked = standing.grant && standing.entry.endpoint == card.endpoint;
  if (!linked) return link(card, values, std::move(standing), prints);
  const auto changed = changed_keys(standing.entry.seen, prints);
  if (changed.empty()) return standing;
  const bool all_known = std::all_of(changed.begin(), changed.end(), [&](const std::string& key) {
    return knows(*standing.grant, prints.find(key)->second);
  });
  if (all_known)
    return remember_seen(card, std::move(standing),
                         prints);  // what we, or a sibling, had put there or taken from there
  if (leased == Leased::yes) return adopt(card, values, std::move(standing), prints);

  const auto lease = this->lease(card, standing, std::chrono::steady_clock::now(), {});
  if (!lease) return standing;  // a refresh is under way: it reads the source itself, or the next look does
  auto again = look(card);
  if (!again) return again;
  return settle_grant(card, values, *std::move(again), prints, Leased::yes);
}

Result<std::string> Ledger::find_grant(const std::string& refresh_print) {
  auto direct = get(grant_key(refresh_print));
  if (!direct) return direct.error();
  if (*direct) return refresh_print;
  auto all = state_.list("grant/");
  if (!all) return all.error();
  std::string found;
  std::optional<Error> damaged;
  for (auto& [key, text] : *all) {
    const auto record = decode_record(key, text);
    wipe(text.data(), text.size());
    if (!record)
      damaged = record.error();
    else if (knows(*record, refresh_print))
      found = key.substr(grant_key("").size());
  }
  if (found.empty() && damaged) return *damaged;  // it may be this one's
  return found;
}

/// First sight of this login by this credential: it joins the grant that knows its refresh token, or founds one.
Result<Standing> Ledger::link(const Card& card, const Values& values, Standing standing, const Prints& prints) {
  const std::string& refresh_print = prints.find("refresh_token")->second;
  const std::uint64_t before = std::max(standing.entry.generation, standing.grant ? standing.grant->generation : 0);
  auto id = find_grant(refresh_print);
  if (!id) return id.error();
  if (id->empty()) *id = refresh_print;
  const UnixMs now = clock_.unix_ms();
  auto grant = update(
      grant_key(*id),
      [&](Record& record) {
        if (record.generation == 0) {
          record = Record{.generation = before + 1,
                          .endpoint = card.endpoint,
                          .since = values.issued.value_or(now),
                          .expires = values.expires};
          if (const auto token = values.sources.find("access_token"); token != values.sources.end())
            record.fields.push_back({"secret", token->second, true});
          record.fields.push_back({"refresh_token", values.sources.find("refresh_token")->second, true});
          learn(record.given, refresh_print);
          for (const auto& [key, print] : prints) learn(record.given, print);
        } else if (before != 0 && record.generation <= before) {
          record.generation = before + 1;  // for this credential it is another secret
        }
      },
      Durable::yes);
  if (!grant) return grant.error();
  standing.grant = *std::move(grant);
  auto entry = update(
      card.key,
      [&](Record& record) {
        record = Record{.generation = std::max(record.generation, standing.grant->generation),
                        .grant = *id,
                        .endpoint = card.endpoint,
                        .seen = prints};
      },
      Durable::yes);
  if (!entry) return entry.error();
  standing.entry = *std::move(entry);
  standing.replaced = before != 0;
  return standing;
}

/// The owner, or another program, has put a new secret into a source.
Result<Standing> Ledger::adopt(const Card& card, const Values& values, Standing standing, const Prints& prints) {
  const auto changed = changed_keys(standing.entry.seen, prints);
  const auto is_new = [&](const char* key) {
    return has(changed, key) && !knows(*standing.grant, prints.find(key)->second);
  };
  const bool new_login = is_new("refresh_token");
  if (new_login) {
    auto other = find_grant(prints.find("refresh_token")->second);
    if (!other) return other.error();
    if (!other->empty() && *other != standing.entry.grant) return link(card, values, std::move(standing), prints);
  }
  const bool new_access = is_new("access_token");
  const UnixMs now = clock_.unix_ms();
  auto adopted = change(card, standing, [&](Record& record) {
    record.generation += 1;
    record.replaced += 1;
    if (new_login) {
      record.fields.clear();
      record.fields.push_back({"refresh_token", values.sources.find("refresh_token")->second, true});
    }
    forget_past(record);
    std::erase_if(record.fields, [](const Field& field) { return field.name == "secret"; });
    if (new_access) {
      record.fields.push_back({"secret", values.sources.find("access_token")->second, true});
      record.since = values.issued.value_or(now);
      record.expires = values.expires;
    }  // else the old one is not this login's, or was refused with the old client secret: a new one has to be asked for
    record.refreshed_at = now;
    for (const std::string& key : changed) learn(record.given, prints.find(key)->second);
  });
  if (!adopted) return adopted.error();
  standing.replaced = true;
  return remember_seen(card, std::move(standing), prints);
}

Result<Standing> Ledger::remember_seen(const Card& card, Standing standing, const Prints& prints) {
  auto stored = change_entry(card, standing, [&](Record& record) {
    record.seen = prints;
    record.generation = std::max(record.generation, standing.grant->generation);
  });
  if (!stored) return stored.error();
  return standing;
}

}  // namespace belay::credentials
