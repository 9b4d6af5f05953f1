// Cassettes from their files: what is written there, and nothing else.
#include "drive/cassette.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>

#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "drive/cassette_json.hpp"
#include "drive/reasons.hpp"

namespace belay::conform {
namespace {

using Kind = PlacedJson::Kind;
constexpr std::size_t largest_file = std::size_t{16} << 20;

/// Reads one object member by member. The first thing that is wrong is kept; what comes after it is not looked at.
class Reading {
 public:
  explicit Reading(const std::string& file) : file_(file) {}
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  void wrong(const PlacedJson& at, const std::string& key, const std::string& what) {
    if (!error_) error_ = fail(file_ + ":" + std::to_string(at.line) + ": " + key + ": " + what);
  }
  bool expect(const PlacedJson& value, const std::string& key, Kind kind) {
    if (error_) return false;
    if (!value.is(kind)) wrong(value, key, "is " + std::string(kind_name(value.kind)) + "; right would be " + std::string(kind_name(kind)));
    return !error_;
  }

  void text(const PlacedJson& value, const std::string& key, std::string& to) {
    if (expect(value, key, Kind::string)) to = value.text;
  }
  void text(const PlacedJson& value, const std::string& key, std::optional<std::string>& to) {
    if (expect(value, key, Kind::string)) to = value.text;
  }
  void flag(const PlacedJson& value, const std::string& key, bool& to) {
    if (expect(value, key, Kind::boolean)) to = value.text == "true";
  }
  std::int64_t number(const PlacedJson& value, const std::string& key) {
    std::int64_t out = 0;
    if (!expect(value, key, Kind::number)) return out;
    const auto* end = value.text.data() + value.text.size();
    if (std::from_chars(value.text.data(), end, out).ptr != end) wrong(value, key, "is " + value.text + "; right would be a whole number");
    return out;
  }
  /// One of a set of words, which `known` knows.
  template <class Known>
  void word(const PlacedJson& value, const std::string& key, Known known, std::string_view right, std::optional<std::string>& to) {
    if (!expect(value, key, Kind::string)) return;
    if (!known(value.text)) return wrong(value, key, "is \"" + value.text + "\"; right would be " + std::string(right));
    to = value.text;
  }

  using Member = std::function<void(const PlacedJson&, const std::string& key)>;
  /// The members of an object by name; an unknown one is an error.
  void object(const PlacedJson& value, const std::string& key, const std::vector<std::pair<std::string_view, Member>>& known) {
    if (!expect(value, key.empty() ? "the cassette" : key, Kind::object)) return;
    for (const auto& [name, member] : value.members) {
      const auto found = std::find_if(known.begin(), known.end(), [&](const auto& each) { return each.first == name; });
      const std::string path = key.empty() ? name : key + "." + name;
      if (found == known.end()) {
        std::string names;
        for (const auto& each : known) names += (names.empty() ? "" : ", ") + std::string(each.first);
        return wrong(member, path, "is not a key of a cassette; right would be one of " + names);
      }
      found->second(member, path);
      if (error_) return;
    }
  }
  template <class Each>
  void array(const PlacedJson& value, const std::string& key, Each each) {
    if (!expect(value, key, Kind::array)) return;
    for (std::size_t i = 0; i < value.members.size() && !error_; ++i) each(value.members[i].second, key + "[" + std::to_string(i) + "]");
  }

 private:
  const std::string& file_;
  std::optional<Error> error_;
};

/// `{"name": "value"}` or, where an order or a name twice matters, `[["name", "value"]]`.
void read_headers(Reading& in, const PlacedJson& value, const std::string& key, std::vector<std::pair<std::string, std::string>>& to) {
  if (value.is(Kind::object)) {
    for (const auto& [name, member] : value.members) {
      in.text(member, key + "." + name, to.emplace_back(name, std::string()).second);
    }
    return;
  }
  in.array(value, key, [&](const PlacedJson& pair, const std::string& path) {
    if (!in.expect(pair, path, Kind::array)) return;
    if (pair.members.size() != 2) return in.wrong(pair, path, "has " + std::to_string(pair.members.size()) + " elements; right would be a name and a value");
    auto& [name, text] = to.emplace_back();
    in.text(pair.members[0].second, path + "[0]", name);
    in.text(pair.members[1].second, path + "[1]", text);
  });
}

void read_reply(Reading& in, const PlacedJson& value, const std::string& key, CassetteReply& to) {
  in.object(value, key,
            {{"status", [&](const auto& v, const auto& k) { to.status = static_cast<int>(in.number(v, k)); }},
             {"headers", [&](const auto& v, const auto& k) { read_headers(in, v, k, to.headers); }},
             {"body", [&](const auto& v, const auto&) { to.body = v.is(Kind::string) ? v.text : v.json(); }},
             {"body_base64",
              [&](const auto& v, const auto& k) {
                if (!in.expect(v, k, Kind::string)) return;
                const auto bytes = base64_decode(v.text);
                if (!bytes) return in.wrong(v, k, "is no base64");
                to.body = *bytes;
              }},
             {"end", [&](const auto& v, const auto& k) {
                if (!in.expect(v, k, Kind::string)) return;
                if (v.text != "complete" && v.text != "truncated") return in.wrong(v, k, "is \"" + v.text + "\"; right would be complete or truncated");
                to.truncated = v.text == "truncated";
              }}});
  if (to.status != 0 && (to.status < 100 || to.status > 999)) in.wrong(value, key + ".status", "is " + std::to_string(to.status) + "; right would be an HTTP status");
}

void read_field(Reading& in, const PlacedJson& value, const std::string& key, const std::string& name, Cassette& to) {
  auto& field = to.fields.emplace_back();
  field.name = name;
  in.object(value, key,
            {{"value", [&](const auto& v, const auto& k) { in.text(v, k, field.value); }},
             {"secret", [&](const auto& v, const auto& k) { in.flag(v, k, field.secret); }}});
}

void read_credential(Reading& in, const PlacedJson& value, const std::string& key, Cassette& to) {
  if (value.is(Kind::null)) {
    to.keyless = true;
    to.fields.clear();
    return;
  }
  in.object(value, key,
            {{"id", [&](const auto& v, const auto& k) { in.text(v, k, to.credential_id); }},
             {"type", [&](const auto& v, const auto& k) { in.text(v, k, to.credential_type); }},
             {"expires_unix_ms", [&](const auto& v, const auto& k) { to.expires_unix_ms = in.number(v, k); }},
             {"fields", [&](const auto& v, const auto& k) {
                if (!in.expect(v, k, Kind::object)) return;
                to.fields.clear();
                for (const auto& [name, field] : v.members) read_field(in, field, k + "." + name, name, to);
              }}});
}

void read_config(Reading& in, const PlacedJson& value, const std::string& key, Cassette& to) {
  in.object(value, key,
            {{"base_url", [&](const auto& v, const auto& k) { in.text(v, k, to.base_url); }},
             {"options", [&](const auto& v, const auto& k) { if (in.expect(v, k, Kind::object)) to.options = v.json(); }},
             {"model", [&](const auto& v, const auto& k) { in.text(v, k, to.model); }}});
}

void read_request(Reading& in, const PlacedJson& value, const std::string& key, Cassette& to) {
  in.object(value, key,
            {{"operation", [&](const auto& v, const auto& k) { in.text(v, k, to.operation); }},
             {"wire", [&](const auto& v, const auto& k) { in.text(v, k, to.wire); }},
             {"stream", [&](const auto& v, const auto& k) { in.flag(v, k, to.stream); }},
             {"model", [&](const auto& v, const auto& k) { in.text(v, k, to.request_model); }},
             {"required",
              [&](const auto& v, const auto& k) {
                in.array(v, k, [&](const PlacedJson& name, const std::string& path) { in.text(name, path, to.required.emplace_back()); });
              }},
             {"body", [&](const auto& v, const auto& k) { if (in.expect(v, k, Kind::object)) to.body = v.json(); }}});
}

void read_sent(Reading& in, const PlacedJson& value, const std::string& key, Cassette& to) {
  in.object(value, key,
            {{"method", [&](const auto& v, const auto& k) { in.text(v, k, to.sent_method); }},
             {"url", [&](const auto& v, const auto& k) { in.text(v, k, to.sent_url); }},
             {"headers", [&](const auto& v, const auto& k) { read_headers(in, v, k, to.sent_headers); }},
             {"body", [&](const auto& v, const auto&) { to.sent_body = v.is(Kind::string) ? v.text : v.json(); }}});
}

void read_usage(Reading& in, const PlacedJson& value, const std::string& key, Expect& to) {
  if (!in.expect(value, key, Kind::object)) return;
  static constexpr std::string_view known[] = {"prompt", "completion", "cached", "cache_write", "reasoning", "audio"};
  for (const auto& [name, count] : value.members) {
    if (std::find(std::begin(known), std::end(known), name) == std::end(known))
      return in.wrong(count, key + "." + name, "is no count of a usage; right would be prompt, completion, cached, cache_write, reasoning or audio");
    to.usage[name] = in.number(count, key + "." + name);
  }
}

void read_tools(Reading& in, const PlacedJson& value, const std::string& key, Expect& to) {
  to.tools.emplace();
  in.array(value, key, [&](const PlacedJson& tool, const std::string& path) {
    auto& call = to.tools->emplace_back();
    in.object(tool, path,
              {{"id", [&](const auto& v, const auto& k) { in.text(v, k, call.id); }},
               {"name", [&](const auto& v, const auto& k) { in.text(v, k, call.name); }},
               {"arguments", [&](const auto& v, const auto&) { call.arguments = v.is(Kind::string) ? v.text : v.json(); }}});
  });
}

void read_expect(Reading& in, const PlacedJson& value, const std::string& key, Expect& to) {
  in.object(value, key,
            {{"text", [&](const auto& v, const auto& k) { in.text(v, k, to.text); }},
             {"reasoning", [&](const auto& v, const auto& k) { in.text(v, k, to.reasoning); }},
             {"tools", [&](const auto& v, const auto& k) { read_tools(in, v, k, to); }},
             {"usage", [&](const auto& v, const auto& k) { read_usage(in, v, k, to); }},
             {"stop", [&](const auto& v, const auto& k) { in.word(v, k, stop_number, "end, length, tools, filter or other", to.stop); }},
             {"error", [&](const auto& v, const auto& k) { in.flag(v, k, to.error); }},
             {"reason", [&](const auto& v, const auto& k) { in.word(v, k, reason_number, "a reason of belay/failure.h in lower case, such as rate_limited", to.reason); }},
             {"scope", [&](const auto& v, const auto& k) { in.word(v, k, scope_number, "request, target, credential_model, credential or endpoint", to.scope); }},
             {"retry_after_ms", [&](const auto& v, const auto& k) { to.retry_after_ms = in.number(v, k); }},
             {"reset_unix_ms", [&](const auto& v, const auto& k) { to.reset_unix_ms = in.number(v, k); }},
             {"affordable_tokens", [&](const auto& v, const auto& k) { to.affordable_tokens = in.number(v, k); }},
             {"parameter", [&](const auto& v, const auto& k) { in.text(v, k, to.parameter); }},
             {"rename", [&](const auto& v, const auto& k) { in.text(v, k, to.rename); }}});
}

void read_texts(Reading& in, const PlacedJson& value, const std::string& key, std::map<std::string, std::string>& to) {
  if (!in.expect(value, key, Kind::object)) return;
  for (const auto& [name, text] : value.members) in.text(text, key + "." + name, to[name]);
}

void read_refresh(Reading& in, const PlacedJson& value, const std::string& key, CassetteRefresh& to) {
  std::optional<std::string> cause, outcome;
  in.object(value, key,
            {{"cause", [&](const auto& v, const auto& k) { in.word(v, k, cause_number, "rejected, forbidden, missing, expired, advisory or operator", cause); }},
             {"generation", [&](const auto& v, const auto& k) { to.generation = static_cast<std::uint64_t>(in.number(v, k)); }},
             {"exchanges",
              [&](const auto& v, const auto& k) {
                in.array(v, k, [&](const PlacedJson& one, const std::string& path) {
                  auto& exchange = to.exchanges.emplace_back();
                  in.object(one, path,
                            {{"method", [&](const auto& m, const auto& p) { in.text(m, p, exchange.method); }},
                             {"url", [&](const auto& m, const auto& p) { in.text(m, p, exchange.url); }},
                             {"reply", [&](const auto& m, const auto& p) { read_reply(in, m, p, exchange.reply); }}});
                });
              }},
             {"sources", [&](const auto& v, const auto& k) { read_texts(in, v, k, to.sources); }},
             {"outcome",
              [&](const auto& v, const auto& k) {
                in.word(v, k, cassette_outcome, "refreshed, unchanged, not_applicable, failed_transient, failed_permanent, needs_interaction or cancelled", outcome);
              }},
             {"emits", [&](const auto& v, const auto& k) { read_texts(in, v, k, to.emits); }},
             {"expires_in_ms", [&](const auto& v, const auto& k) { to.expires_in_ms = in.number(v, k); }}});
  if (cause) to.cause = *cause;
  if (!outcome) return in.wrong(value, key + ".outcome", "is missing; right would be refreshed, failed_permanent and the like");
  to.outcome = *outcome;
}

void read_root(Reading& in, const PlacedJson& root, Cassette& to) {
  std::optional<std::int64_t> version;
  in.object(root, "",
            {{"version", [&](const auto& v, const auto& k) { version = in.number(v, k); }},
             {"about", [&](const auto& v, const auto& k) { in.text(v, k, to.about); }},
             {"provider", [&](const auto& v, const auto& k) { in.text(v, k, to.provider); }},
             {"config", [&](const auto& v, const auto& k) { read_config(in, v, k, to); }},
             {"credential", [&](const auto& v, const auto& k) { read_credential(in, v, k, to); }},
             {"request", [&](const auto& v, const auto& k) { read_request(in, v, k, to); }},
             {"sent", [&](const auto& v, const auto& k) { read_sent(in, v, k, to); }},
             {"reply", [&](const auto& v, const auto& k) { read_reply(in, v, k, to.reply.emplace()); }},
             {"expect", [&](const auto& v, const auto& k) { read_expect(in, v, k, to.expect); }},
             {"refresh", [&](const auto& v, const auto& k) { read_refresh(in, v, k, to.refresh.emplace()); }}});
  if (!version) return in.wrong(root, "version", "is missing; right would be 1");
  if (*version != 1) in.wrong(root, "version", "is " + std::to_string(*version) + "; this tool reads 1");
}

}  // namespace

Result<Cassette> read_cassette(const std::string& file) {
  const auto text = read_file(file, largest_file);
  if (!text) return text.error().within(file);
  const auto root = parse_placed(*text);
  if (!root) return root.error().within(file);
  Cassette cassette;
  cassette.name = std::filesystem::path(file).stem().string();
  cassette.file = file;
  cassette.fields.push_back({"secret", "sk-cassette", true});
  Reading reading(file);
  read_root(reading, *root, cassette);
  if (reading.error()) return *reading.error();
  return cassette;
}

Result<std::vector<Cassette>> read_cassettes(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  if (error) return fail(folder + ": " + error.message());
  std::sort(files.begin(), files.end());
  std::vector<Cassette> out;
  for (const auto& file : files) {
    auto cassette = read_cassette(file);
    if (!cassette) return cassette.error();
    out.push_back(std::move(*cassette));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

}  // namespace belay::conform
