#include "write_back.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <set>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "expiry.hpp"
#include "reading.hpp"
#include "splice.hpp"
#include "state/lock.hpp"

namespace belay::credentials {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = 256u << 10;

/// The file itself where the source names a symbolic link: the link stays.
fs::path target_of(const Source& source) {
  std::error_code error;
  const fs::path path = path_of(source);
  const fs::path real = fs::canonical(path, error);
  return error ? path : real;
}

bool is_written(const Card& card, std::string_view key, const Source& source) {
  return card.settings.write_back && source.kind == Source::Kind::file && key != "client_secret";
}

/// The field that goes where `key` was read from.
const Field* field_for(const Standing& standing, std::string_view key) {
  return find_field(standing.current().fields, key == "source" || key == "access_token" ? "secret" : key);
}

/// `moment` in the form that stands there now, as JSON.
std::string in_form_of(const json::Value& old, UnixMs moment) {
  constexpr double smallest_ms = 1e11;  // as in read_moment()
  if (old.IsString()) {
    const std::string text(json::view(old));
    if (parse_rfc3339(text)) return json::quoted(format_rfc3339(moment));
    return json::quoted(std::to_string(std::stod(text) < smallest_ms ? moment / 1000 : moment));
  }
  return std::to_string(old.GetDouble() < smallest_ms ? moment / 1000 : moment);
}

/// The expiry beside the token at `pointer`, if the file has one.
Result<std::string> with_expiry(std::string text, const std::string& pointer, UnixMs expires) {
  const auto document = json::parse(text);
  if (!document) return document.error();
  const std::string name = expiry_member_beside(*document, pointer);
  if (name.empty()) return text;
  const std::string beside = pointer.substr(0, pointer.rfind('/') + 1) + name;
  return splice(text, beside, in_form_of(*json::at(*document, beside), expires));
}

/// Replaces the file with all its rights kept.
Result<void> replace(const fs::path& path, std::string_view content) {
  struct stat old {};
  if (stat(path.c_str(), &old) != 0) return fail("cannot write " + path.string() + ": " + errno_text(errno));
  auto written = write_file(path, content, old.st_mode & 07777, Durable::yes);
  if (written && old.st_uid != geteuid() && chown(path.c_str(), old.st_uid, old.st_gid) != 0) {
    return fail("cannot give " + path.string() + " back to its owner: " + errno_text(errno));
  }
  return written;
}

}  // namespace

std::vector<Fd> WriteBack::lock(const Card& card, MonoTime until) const {
  std::set<fs::path> paths;  // sorted: nobody waits crosswise
  for (const auto& [key, source] : card.settings.sources) {
    if (is_written(card, key, source)) paths.insert(target_of(source));
  }
  std::vector<Fd> locks;
  for (const fs::path& path : paths) {
    auto lock = state::lock_byte(path.string() + ".lock", 0, 0600, until, CancelToken{});
    if (lock)
      locks.push_back(*std::move(lock));
    else
      log(LogLevel::warn, card.name, lock.error().message + "; going on without it");
  }
  return locks;
}

Result<void> WriteBack::write(const Card& card, Standing& standing) const {
  std::map<fs::path, std::vector<std::string>> keys_of;
  for (const auto& [key, source] : card.settings.sources) {
    if (is_written(card, key, source) && field_for(standing, key) != nullptr) keys_of[target_of(source)].push_back(key);
  }
  const Record record = standing.current();
  Prints written;
  for (const auto& [path, keys] : keys_of) {
    SourceReader reader({}, {});
    auto text = read_file(path, most_bytes);
    bool theirs = false;
    for (const std::string& key : keys) {
      const Source& source = *card.source(key);
      const auto now = reader.read(source);
      if (now) {
        const std::string print = print_of(card, key, now->reveal(), ledger_.fingerprints());
        const auto seen = standing.entry.seen.find(key);
        theirs = theirs || !((seen != standing.entry.seen.end() && seen->second == print) || knows(record, print));
      }
      const Field& field = *field_for(standing, key);
      if (!text) continue;
      if (source.pointer.empty()) {
        text = std::string(field.value.reveal()) + "\n";
      } else {
        text = splice(*text, source.pointer, json::quoted(field.value.reveal()));
        if (text && record.expires && field.name == "secret")
          text = with_expiry(*std::move(text), source.pointer, *record.expires);
      }
      written[key] = print_of(card, key, field.value.reveal(), ledger_.fingerprints());
    }
    if (!text)
      return fail("the new tokens are kept, but can't be written back into " + path.string() + ": " +
                  text.error().message);
    if (theirs) {
      log(LogLevel::info, card.name, path.string() + " was changed by its owner meanwhile; it is left as it is");
      for (const std::string& key : keys) written.erase(key);
    } else if (auto replaced = replace(path, *text); !replaced) {
      return fail("the new tokens are kept, but not written back: " + replaced.error().message);
    }
    wipe(text->data(), text->size());
  }
  if (!standing.grant) {  // what the hook made is the source's own value now
    return ledger_.change_entry(card, standing, [&](Record& entry) {
      for (const auto& [key, print] : written) entry.seen[key] = print;
      if (!written.empty()) entry.fields.clear();
      entry.unwritten = false;
    });
  }
  return ledger_.change(card, standing, [](Record& grant) { grant.unwritten = false; });
}

}  // namespace belay::credentials
