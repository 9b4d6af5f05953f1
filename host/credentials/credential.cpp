#include "credential.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace belay::credentials {
namespace {

constexpr std::chrono::seconds command_pause{5};
constexpr UnixMs longest_advisory_ms = 300'000;

}  // namespace

// ---------------------------------------------------------------------------------------------------------- the view

Availability View::availability(UnixMs now) const {
  if (!why.empty()) return Availability::missing;
  if (!values) return Availability::blocking;
  if (!has_secret || (expires && now >= *expires)) return Availability::refresh;
  return advisory_from && now >= *advisory_from ? Availability::advisory : Availability::ready;
}

bool View::ready(UnixMs now) const {
  const Availability is = availability(now);
  return is == Availability::ready || is == Availability::advisory;
}

Lookup View::lookup(UnixMs now) const {
  const Availability is = availability(now);
  const bool none = is == Availability::missing || is == Availability::blocking;
  return {is, none ? nullptr : snapshot, identity, why};
}

// -------------------------------------------------------------------------------------------------------- reading it

ViewPtr Credential::current() const {
  const std::lock_guard lock(mutex_);
  const bool good = view_ && view_->values && view_->why.empty() && view_->version == ledger_.version();
  return good ? view_ : nullptr;
}

ViewPtr Credential::keep(View view) {
  auto kept = std::make_shared<const View>(std::move(view));
  const std::lock_guard lock(mutex_);
  view_ = kept;
  return kept;
}

ViewPtr Credential::blocking() const {
  View view;
  if (card_.is_exec()) view.identity = ledger_.identity(card_, {}, {});
  return std::make_shared<const View>(std::move(view));
}

ViewPtr Credential::look(Read read) {
  if (read == Read::cached) {
    if (auto view = current()) return view;
  }
  const std::lock_guard lock(reading_);
  if (read == Read::cached) {
    if (auto view = current()) return view;
  }
  std::shared_ptr<const Values> values;
  {
    const std::lock_guard guard(mutex_);
    if (view_) values = view_->values;
  }
  const bool missing = values && !values->missing.empty();
  if (card_.runs_programs) {
    if (!values || (read == Read::fresh && !missing)) return blocking();
    if (missing && clock_.mono() >= command_again_) return blocking();
    return without_reading(values);
  }
  if (!values || missing || read == Read::fresh)
    return settle(std::make_shared<const Values>(read_values(card_, {}, {})), Leased::no);
  return without_reading(values);
}

ViewPtr Credential::read(Millis limit, const CancelToken& cancel, Leased leased) {
  auto values = std::make_shared<const Values>(
      read_values(card_, limit, cancel));  // a program may take its time: not under a lock
  const std::lock_guard lock(reading_);
  if (!values->missing.empty()) command_again_ = clock_.mono() + command_pause;
  return settle(std::move(values), leased);
}

ViewPtr Credential::loaded(Millis limit, const CancelToken& cancel, Leased leased) {
  auto view = look(Read::cached);
  return view->availability(clock_.unix_ms()) == Availability::blocking ? read(limit, cancel, leased) : view;
}

ViewPtr Credential::take(Values values, Leased leased) {
  const std::lock_guard lock(reading_);
  return settle(std::make_shared<const Values>(std::move(values)), leased);
}

/// Other processes may have changed the records; the values are still what we read earlier.
ViewPtr Credential::without_reading(const std::shared_ptr<const Values>& values) {
  View view{.version = ledger_.version(), .values = values};
  if (!values->missing.empty()) return make(std::move(view), Standing{});
  auto standing = ledger_.look(card_);
  if (!standing) return make(std::move(view), std::move(standing));
  if (card_.has_grant) {  // the grant has the tokens, also those that somebody adopted from this source
    if (standing->grant && standing->entry.endpoint == card_.endpoint)
      return make(std::move(view), std::move(standing));
    return settle(values, Leased::no);
  }
  if (standing->entry.seen == prints_of(card_, *values, ledger_.fingerprints()))
    return make(std::move(view), std::move(standing));
  if (card_.runs_programs) return blocking();
  return settle(std::make_shared<const Values>(read_values(card_, {}, {})), Leased::no);
}

/// `values` were read just now.
ViewPtr Credential::settle(std::shared_ptr<const Values> values, Leased leased) {
  View view{.version = ledger_.version(), .values = values};
  if (!values->missing.empty()) return make(std::move(view), Standing{});
  auto standing = ledger_.settle(card_, *values, leased);
  if (standing && standing->replaced) news_ = true;
  if (standing && leased == Leased::no && standing->current().unwritten) finish_write_back(*standing);
  return make(std::move(view), std::move(standing));
}

/// Whoever stored new tokens ended, or met an error, before they were in the owner's file.
void Credential::finish_write_back(Standing& standing) {
  if (!card_.settings.write_back) return;
  const auto lease = ledger_.lease(card_, standing, std::chrono::steady_clock::now(), {});
  if (!lease) return;
  auto again = ledger_.look(card_);
  if (!again || !again->current().unwritten) return;
  standing = *std::move(again);
  const auto locks = files_.lock(card_, std::chrono::steady_clock::now());
  if (locks.empty()) return;  // somebody is at the file
  if (auto written = files_.write(card_, standing); !written) log(LogLevel::warn, card_.name, written.error().message);
}

// --------------------------------------------------------------------------------------------------------- making it

ViewPtr Credential::make(View view, Result<Standing> standing) {
  if (!view.values->missing.empty()) view.why = view.values->missing;
  if (!standing) view.why = standing.error().message;
  if (!view.why.empty()) return keep(std::move(view));
  view.standing = *std::move(standing);
  view.identity = ledger_.identity(card_, view.standing, *view.values);
  time(view);
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->provider = card_.provider;
  snapshot->id = card_.settings.id;
  snapshot->type = card_.settings.type;
  snapshot->generation = view.generation();
  snapshot->identity = view.identity;
  snapshot->expires = view.expires;
  snapshot->fields = exchange_fields(view);
  snapshot->allowed_origins = card_.origins;
  view.has_secret = !snapshot->fields.empty();
  view.snapshot = std::move(snapshot);
  return keep(std::move(view));
}

/// When it runs out and when it is time to renew it: in the last tenth of its life, at most 300 s, or when the hook
/// said.
void Credential::time(View& view) const {
  const Record& record = view.standing.current();
  view.expires = record.fields.empty() ? view.values->expires : record.expires;
  view.advisory_from = record.refresh_after;
  if (!view.expires || view.advisory_from) return;
  UnixMs ahead = longest_advisory_ms;
  if (record.since && *record.since < *view.expires) ahead = std::min(ahead, (*view.expires - *record.since) / 10);
  view.advisory_from = *view.expires - ahead;
}

std::vector<Field> Credential::exchange_fields(const View& view) const {
  const Record& record = view.standing.current();
  std::vector<Field> fields;
  if (card_.has_grant && find_field(record.fields, "secret") == nullptr) return fields;
  if (card_.is_exec()) fields = view.values->made;
  if (!card_.has_grant) {
    for (const auto& [key, value] : view.values->sources) {
      if (!is_hidden(key)) set_field(fields, {key == "source" || key == "access_token" ? "secret" : key, value, true});
    }
  }
  for (const Field& field : record.fields) {
    if (!is_hidden(field.name)) set_field(fields, field);
  }
  const bool generic = card_.is_exec() || card_.settings.type == "api_key" || card_.settings.type == "oauth2";
  for (const auto& [key, value] :
       card_.settings.fields) {  // a plugin's own type: its plain settings are for the plugin
    if (!generic && find_field(fields, key) == nullptr) fields.push_back({key, Secret(value), false});
  }
  return fields;
}

std::vector<Field> Credential::all_fields(const View& view) const {
  std::vector<Field> fields = exchange_fields(view);
  for (const auto& [key, value] : view.values->sources) {
    if (is_hidden(key)) set_field(fields, {key, value, true});
  }
  for (const Field& field : view.standing.current().fields) set_field(fields, field);
  for (const auto& [key, value] : card_.settings.fields) {
    if (find_field(fields, key) == nullptr) fields.push_back({key, Secret(value), false});
  }
  return fields;
}

}  // namespace belay::credentials
