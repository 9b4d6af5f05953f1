#include "status_view.hpp"

#include "lists.hpp"
#include "table.hpp"

namespace belay::cli {
namespace {

using credentials::Availability;
using credentials::RefreshOutcome;

Ink ink_of(const credentials::Status& credential) {
  if (needs_a_person(credential)) return Ink::bad;
  return credential.availability == Availability::ready || credential.availability == Availability::advisory
             ? Ink::good
             : Ink::warning;
}

std::string in_or_ago(UnixMs moment, UnixMs now) {
  return moment >= now ? "in " + format_duration(Millis(moment - now)) : format_duration(Millis(now - moment)) + " ago";
}

std::string last_refresh(const credentials::Status& credential, UnixMs now) {
  std::string text = credential.last_outcome ? std::string(to_string(*credential.last_outcome)) : "";
  if (credential.refreshed_at) text += (text.empty() ? "" : ", ") + in_or_ago(*credential.refreshed_at, now);
  return text;
}

std::string remark(const credentials::Status& credential) {
  std::string text = credential.why;
  if (!credential.last_message.empty()) text += (text.empty() ? "" : "; ") + credential.last_message;
  return text;
}

std::string left(const runtime::HoldStatus& hold) {
  if (hold.left_ms < 0) return "until its secret changes";
  return hold.left_ms == 0 ? "probe is due" : format_duration(Millis(hold.left_ms));
}

std::string credential_table(const runtime::Status& status, UnixMs now, const Screen& screen) {
  Table table({{"credential", 12},
               {"type", 0},
               {"state", 0},
               {"generation", 0, Side::right},
               {"expires", 9},
               {"last refresh", 12},
               note("note")});
  for (const credentials::Status& credential : status.credentials) {
    table.add({credential.provider + "#" + credential.id,
               credential.type,
               {std::string(told(credential.availability)), ink_of(credential)},
               credential.generation != 0 ? std::to_string(credential.generation) : "",
               credential.expires ? in_or_ago(*credential.expires, now) : "",
               last_refresh(credential, now),
               {remark(credential), Ink::dim}});
  }
  return table.text(screen);
}

std::string hold_table(const runtime::Status& status, const Screen& screen) {
  Table table({{"held", 0}, {"what", 12}, {"because of", 0}, {"for", 12}, note("message")});
  for (const runtime::HoldStatus& hold : status.holds) {
    table.add({hold.scope,
               hold.what,
               {std::string(to_string(hold.reason)), Ink::warning},
               left(hold),
               {hold.message, Ink::dim}});
  }
  return table.text(screen);
}

/// One line per credential that only a person can bring back.
std::string to_do(const runtime::Status& status, const Screen& screen) {
  Table table({{"", 0}, {"", 20}});
  for (const credentials::Status& credential : status.credentials) {
    if (!needs_a_person(credential)) continue;
    const std::string where = joined(credential.sources);
    const std::string line = credential.provider + "#" + credential.id +
                             ": log in again and put the new secret where it is read from" +
                             (where.empty() ? "" : " (" + where + ")");
    table.add({{"to do", Ink::bad}, line});
  }
  return table.text(screen);
}

void moment(json::Writer& to, std::string_view name, const std::optional<UnixMs>& value) {
  json::key(to, name);
  if (value) {
    json::str(to, format_rfc3339(*value));
  } else {
    to.Null();
  }
}

void write_credential(json::Writer& to, const credentials::Status& credential) {
  to.StartObject();
  write_text(to, "provider", credential.provider);
  write_text(to, "id", credential.id);
  write_text(to, "type", credential.type);
  write_text(to, "state", told(credential.availability));
  write_text(to, "why", credential.why);
  json::key(to, "generation"), to.Uint64(credential.generation);
  write_list(to, "sources", credential.sources);
  write_list(to, "origins", credential.origins);
  moment(to, "expires", credential.expires);
  moment(to, "refreshed_at", credential.refreshed_at);
  write_text(to, "last_outcome", to_string(credential.last_outcome.value_or(RefreshOutcome::none)));
  write_text(to, "last_message", credential.last_message);
  to.EndObject();
}

}  // namespace

bool needs_a_person(const credentials::Status& credential) {
  return credential.last_outcome == RefreshOutcome::needs_interaction ||
         credential.last_outcome == RefreshOutcome::failed_permanent;
}

std::string_view told(Availability availability) {
  switch (availability) {
    case Availability::ready:
      return "ready";
    case Availability::advisory:
      return "ready, refresh due";
    case Availability::refresh:
      return "refresh needed";
    case Availability::missing:
      return "missing";
    case Availability::blocking:
      return "from a command";
  }
  return "";
}

std::string status_text(const runtime::Status& status, UnixMs now, const Screen& screen) {
  std::string text =
      status.credentials.empty() ? "no credential is configured\n" : credential_table(status, now, screen);
  text += "\n";
  text += status.holds.empty() ? "  " + paint(screen, Ink::good, "nothing is held") + "\n" : hold_table(status, screen);
  if (const std::string lines = to_do(status, screen); !lines.empty()) text += "\n" + lines;
  return text;
}

std::string status_json(const runtime::Status& status) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "version"), to.Int(1);
  json::key(to, "holds"), to.StartArray();
  for (const runtime::HoldStatus& hold : status.holds) {
    to.StartObject();
    write_text(to, "scope", hold.scope);
    write_text(to, "what", hold.what);
    write_text(to, "reason", to_string(hold.reason));
    json::key(to, "left_ms");
    if (hold.left_ms < 0) {
      to.Null();
    } else {
      to.Int64(hold.left_ms);
    }
    json::key(to, "until_secret_changes"), to.Bool(hold.left_ms < 0);
    write_text(to, "message", hold.message);
    to.EndObject();
  }
  to.EndArray();
  json::key(to, "credentials"), to.StartArray();
  for (const credentials::Status& credential : status.credentials) write_credential(to, credential);
  to.EndArray();
  to.EndObject();
  return line_of(buffer);
}

}  // namespace belay::cli
