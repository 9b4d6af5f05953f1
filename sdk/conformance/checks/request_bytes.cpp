// The HTTP request itself: the same bytes for the same input, legal ones, and a refusal handed on.
#include <algorithm>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "checks/replies.hpp"
#include "checks/request.hpp"
#include "words.hpp"

namespace belay::conform {
namespace {

PlayOptions only_built() {
  PlayOptions options;
  options.until = Until::built;
  return options;
}

std::string shown(const SentRequest& sent) {
  std::string out = sent.method + " " + sent.url;
  for (const auto& header : sent.headers) out += " | " + header.name + ": " + (header.secret ? "(secret)" : header.value);
  return out + " | " + (sent.body_as_given ? "the body as given" : std::to_string(sent.body.size()) + " bytes: " + printable(sent.body.substr(0, 120)));
}

bool same(const SentRequest& a, const SentRequest& b) {
  const auto same_header = [](const auto& x, const auto& y) { return x.name == y.name && x.value == y.value && x.secret == y.secret; };
  return a.method == b.method && a.url == b.url && a.body == b.body && a.body_as_given == b.body_as_given &&
         std::equal(a.headers.begin(), a.headers.end(), b.headers.begin(), b.headers.end(), same_header);
}

bool same_json(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto one = json::parse(a), other = json::parse(b);
  return one && other && *one == *other;
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return text;
}

/// What the cassette says was sent, as far as it says so.
void require_recorded(Case& self, const Cassette& cassette, const SentRequest& sent) {
  const auto where = replies::place(cassette);
  if (cassette.sent_method) self.require(sent.method == *cassette.sent_method, *cassette.sent_method, where + ": " + sent.method);
  if (cassette.sent_url) self.require(sent.url == *cassette.sent_url, *cassette.sent_url, where + ": " + sent.url);
  for (const auto& [name, value] : cassette.sent_headers) {
    const auto found = std::find_if(sent.headers.begin(), sent.headers.end(), [&](const auto& header) { return lower(header.name) == lower(name); });
    const auto right = name + ": " + value;
    self.require(found != sent.headers.end(), right, where + ": there is no such header");
    self.require(found->value == value, right, where + ": " + name + ": " + found->value);
  }
  if (!cassette.sent_body) return;
  const std::string& body = sent.body_as_given ? cassette.body : sent.body;
  self.require(same_json(body, *cassette.sent_body), "the body " + *cassette.sent_body, where + ": " + body);
}

constexpr std::string_view hosts_own[] = {"host",    "content-length", "transfer-encoding", "connection",       "te",                  "upgrade",
                                          "trailer", "keep-alive",     "expect",            "proxy-connection", "proxy-authorization", "proxy-authenticate"};

/// Why the host would refuse it; empty: it takes it.
std::string illegal(const SentRequest& sent) {
  if (!plugins::header_name(sent.method)) return "the method \"" + printable(sent.method) + "\"";
  const bool scheme = sent.url.starts_with("https://") || sent.url.starts_with("http://");
  const bool visible = std::all_of(sent.url.begin(), sent.url.end(), [](char c) { return c > 0x20 && c < 0x7f && std::string_view("\\\"<>").find(c) == std::string_view::npos; });
  if (!scheme || !visible) return "the URL \"" + printable(sent.url) + "\"";
  for (const auto& header : sent.headers) {
    if (!plugins::header_name(header.name)) return "the header name \"" + printable(header.name) + "\"";
    if (!plugins::header_value(header.value)) return "control bytes in the header " + header.name;
    if (std::find(std::begin(hosts_own), std::end(hosts_own), lower(header.name)) != std::end(hosts_own)) return "the header " + header.name + ", which is the host's";
  }
  return {};
}

struct Hostile {
  std::string what;
  std::function<void(Cassette&)> change;
};

/// A string where JSON holds one; the index of the members is made anew from the body.
std::string body_with_model(const std::string& body, std::string_view model) {
  auto document = json::parse(body);
  if (!document || !document->IsObject()) return body;
  if (auto found = document->FindMember("model"); found != document->MemberEnd())
    found->value.SetString(model.data(), static_cast<rapidjson::SizeType>(model.size()), document->GetAllocator());
  return json::text(*document);
}

std::vector<Hostile> hostile_inputs() {
  std::vector<Hostile> out;
  for (const std::string_view text : {"x\r\nx-smuggled: 1", "x\ny", "x\ry", "x y\t", "../../?a=b#c", "\xC3\xA9\xF0\x9F\xA6\x8A", "%0d%0a", "\x01\x7F"}) {
    const std::string value(text), shown = printable(value);
    out.push_back({"model \"" + shown + "\"", [value](Cassette& cassette) {
                     cassette.request_model = value;
                     cassette.model = value;
                     cassette.body = body_with_model(cassette.body, value);
                   }});
    out.push_back({"credential id \"" + shown + "\"", [value](Cassette& cassette) { cassette.credential_id = value; }});
    out.push_back({"secret \"" + shown + "\"", [value](Cassette& cassette) {
                     for (auto& field : cassette.fields) {
                       if (field.secret) field.value = value;
                     }
                   }});
  }
  return out;
}

}  // namespace

void req_01(Case& self) {
  replies::http_only(self);
  auto all = replies::exchanges(self.plugin());
  const auto invented = replies::any_exchange(self.plugin());
  if (all.empty()) all.push_back(&invented);
  for (const auto* cassette : all) {
    self.doing("cassette " + cassette->name);
    Account one(self, self.plugin(), *cassette), other(self, self.plugin(), *cassette);
    const auto first = replies::whole(self, one, *cassette, only_built());
    require_recorded(self, *cassette, first.sent);
    // Another exchange, another instance, other addresses, other random numbers; the clocks stand still.
    for (Account* account : {&one, &other}) {
      const auto again = replies::whole(self, *account, *cassette, only_built(), "once more");
      self.require(same(first.sent, again.sent), "the same request again: " + shown(first.sent), replies::place(*cassette) + ": " + shown(again.sent));
    }
  }
}

void req_02(Case& self) {
  replies::http_only(self);
  const auto plain = replies::any_exchange(self.plugin());
  Account account(self, self.plugin(), plain);
  const auto require_legal = [&](const Cassette& cassette, const std::string& what) {
    self.doing(what);
    const auto played = play(self.plugin(), account.get(), cassette, only_built());
    replies::no_exception(self, played, what);
    if (played.failed() < 0) return;  // refused, which is right too
    if (const auto why = illegal(played.sent); !why.empty()) self.fail("a legal request or a refusal", what + ": " + why);
  };
  require_legal(plain, "cassette " + plain.name);
  for (const auto& hostile : hostile_inputs()) {
    Cassette changed = plain;
    hostile.change(changed);
    require_legal(changed, hostile.what);
  }
}

void req_06(Case& self) {
  replies::http_only(self);
  const auto cassette = replies::any_exchange(self.plugin());
  Account account(self, self.plugin(), cassette);
  const auto calls = replies::whole(self, account, cassette, only_built()).writer_calls;
  for (std::size_t at = 0; at < calls; ++at) {
    const auto what = "the writer refuses its call " + std::to_string(at + 1) + " of " + std::to_string(calls);
    self.doing(what);
    auto options = only_built();
    options.writer_refuses_at = at;
    const auto played = play(self.plugin(), account.get(), cassette, options);
    replies::no_exception(self, played, what);
    self.require(played.build == BELAY_ERR_CONTRACT, "build_request() returns what the writer refused with, -1000", what + ": it returned " + std::to_string(played.build));
    self.require(played.writer_calls_after_refusal == 0, "nothing is written after a refusal",
                 what + ": " + std::to_string(played.writer_calls_after_refusal) + " calls of the writer came after it");
  }
}

}  // namespace belay::conform
