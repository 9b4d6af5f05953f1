#include "record.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace belay::credentials {
namespace {

constexpr std::size_t most_known = 256;  // with the longest tokens a record still has less than 64 KiB

void write(json::Writer& to, std::string_view name, const std::string& text) {
  if (text.empty()) return;
  json::key(to, name);
  json::str(to, text);
}

void write(json::Writer& to, std::string_view name, const std::optional<UnixMs>& moment) {
  if (!moment) return;
  json::key(to, name);
  to.Int64(*moment);
}

void write(json::Writer& to, std::string_view name, const std::vector<std::string>& list) {
  if (list.empty()) return;
  json::key(to, name);
  to.StartArray();
  for (const std::string& text : list) json::str(to, text);
  to.EndArray();
}

void write(json::Writer& to, const Prints& seen) {
  json::key(to, "seen");
  to.StartObject();
  for (const auto& [source, print] : seen) write(to, source, print);
  to.EndObject();
}

void write(json::Writer& to, const std::vector<Field>& fields) {
  json::key(to, "fields");
  to.StartArray();
  for (const Field& field : fields) {
    to.StartObject();
    json::key(to, "name"), json::str(to, field.name);
    json::key(to, "value"), json::str(to, field.value.reveal());
    json::key(to, "secret"), to.Bool(field.secret);
    to.EndObject();
  }
  to.EndArray();
}

void write(json::Writer& to, const LastOutcome& last) {
  json::key(to, "last");
  to.StartObject();
  json::key(to, "outcome"), json::str(to, to_string(last.outcome));
  json::key(to, "generation"), to.Uint64(last.generation);
  json::key(to, "at"), to.Int64(last.at);
  write(to, "message", last.message);
  to.EndObject();
}

/// Reads the members of one object; remembers the first that is not what it should be.
class Members {
 public:
  explicit Members(const json::Value& object) : object_(object) {}

  void text(const char* name, std::string& into) {
    const json::Value* member = json::find(object_, name);
    if (member == nullptr) return;
    if (member->IsString())
      into = json::view(*member);
    else
      wrong(name);
  }
  void moment(const char* name, std::optional<UnixMs>& into) {
    const json::Value* member = json::find(object_, name);
    if (member == nullptr) return;
    if (member->IsInt64())
      into = member->GetInt64();
    else
      wrong(name);
  }
  void count(const char* name, std::uint64_t& into) {
    const json::Value* member = json::find(object_, name);
    if (member == nullptr) return;
    if (member->IsUint64())
      into = member->GetUint64();
    else
      wrong(name);
  }
  void wrong(const char* name) {
    if (wrong_.empty()) wrong_ = name;
  }
  [[nodiscard]] const std::string& first_wrong() const { return wrong_; }

 private:
  const json::Value& object_;
  std::string wrong_;
};

bool read_fields(const json::Value& list, std::vector<Field>& into) {
  if (!list.IsArray()) return false;
  for (const json::Value& item : list.GetArray()) {
    const auto name = json::string_at(item, "name");
    const auto value = json::string_at(item, "value");
    const auto secret = json::bool_at(item, "secret");
    if (!name || !value || !secret) return false;
    into.push_back({std::string(*name), Secret(*value), *secret});
  }
  return true;
}

bool read_prints(const json::Value& object, Prints& into) {
  if (!object.IsObject()) return false;
  for (const auto& member : object.GetObject()) {
    if (!member.value.IsString()) return false;
    into.emplace(json::view(member.name), json::view(member.value));
  }
  return true;
}

bool read_list(const json::Value& list, std::vector<std::string>& into) {
  if (!list.IsArray()) return false;
  for (const json::Value& item : list.GetArray()) {
    if (!item.IsString()) return false;
    into.emplace_back(json::view(item));
  }
  return true;
}

bool read_last(const json::Value& object, std::optional<LastOutcome>& into) {
  const auto word = json::string_at(object, "outcome");
  const auto outcome = word ? parse_refresh_outcome(*word) : std::nullopt;
  const auto at = json::int_at(object, "at");
  const json::Value* generation = json::find(object, "generation");
  if (!outcome || !at || generation == nullptr || !generation->IsUint64()) return false;
  into =
      LastOutcome{*outcome, generation->GetUint64(), *at, std::string(json::string_at(object, "message").value_or(""))};
  return true;
}

Error damaged(std::string_view key, std::string_view what) {
  return fail("the state record " + std::string(key) + " is damaged: " + std::string(what) +
              "; put back a copy of its file, or remove that file to forget what it held");
}

}  // namespace

bool is_hidden(std::string_view field) { return field == "refresh_token" || field == "client_secret"; }

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

void set_field(std::vector<Field>& fields, Field field) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& other) { return other.name == field.name; });
  if (found == fields.end())
    fields.push_back(std::move(field));
  else
    *found = std::move(field);
}

bool knows(const Record& record, const std::string& print) {
  const auto in = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), print) != list.end();
  };
  return in(record.given) || in(record.issued);
}

void learn(std::vector<std::string>& list, const std::string& print) {
  if (std::find(list.begin(), list.end(), print) != list.end()) return;
  if (list.size() >= most_known) list.erase(list.begin() + 1);
  list.push_back(print);
}

Result<Record> decode_record(std::string_view key, std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return damaged(key, document.error().message);
  if (!document->IsObject()) return damaged(key, "it is no JSON object");
  Record record;
  Members members(*document);
  members.count("generation", record.generation);
  members.text("grant", record.grant);
  members.text("endpoint", record.endpoint);
  members.count("replaced", record.replaced);
  members.moment("since", record.since);
  members.moment("expires", record.expires);
  members.moment("refresh_after", record.refresh_after);
  members.moment("refreshed_at", record.refreshed_at);
  members.moment("in_flight", record.in_flight);
  record.unwritten = json::bool_at(*document, "unwritten").value_or(false);
  if (const auto* seen = json::find(*document, "seen"); seen != nullptr && !read_prints(*seen, record.seen))
    members.wrong("seen");
  if (const auto* given = json::find(*document, "given"); given != nullptr && !read_list(*given, record.given))
    members.wrong("given");
  if (const auto* issued = json::find(*document, "issued"); issued != nullptr && !read_list(*issued, record.issued))
    members.wrong("issued");
  if (const auto* fields = json::find(*document, "fields"); fields != nullptr && !read_fields(*fields, record.fields))
    members.wrong("fields");
  if (const auto* last = json::find(*document, "last"); last != nullptr && !read_last(*last, record.last))
    members.wrong("last");
  // A record without a generation would let it begin anew.
  if (record.generation == 0) members.wrong("generation");
  if (!members.first_wrong().empty())
    return damaged(key, "\"" + members.first_wrong() + "\" is missing or not what belay writes");
  return record;
}

std::string encode_record(const Record& record) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "generation"), to.Uint64(record.generation);
  write(to, "grant", record.grant);
  write(to, "endpoint", record.endpoint);
  if (!record.seen.empty()) write(to, record.seen);
  write(to, "given", record.given);
  write(to, "issued", record.issued);
  if (record.replaced != 0) json::key(to, "replaced"), to.Uint64(record.replaced);
  if (!record.fields.empty()) write(to, record.fields);
  write(to, "since", record.since);
  write(to, "expires", record.expires);
  write(to, "refresh_after", record.refresh_after);
  write(to, "refreshed_at", record.refreshed_at);
  write(to, "in_flight", record.in_flight);
  if (record.unwritten) json::key(to, "unwritten"), to.Bool(true);
  if (record.last) write(to, *record.last);
  to.EndObject();
  std::string text(json::view(buffer));
  // The buffer's own copy.
  wipe(const_cast<char*>(buffer.GetString()), buffer.GetSize());
  return text;
}

}  // namespace belay::credentials
