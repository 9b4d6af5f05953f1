// Where a secret may stand: in a header that is marked, and nowhere else.
#include <algorithm>

#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "checks/replies.hpp"
#include "checks/request.hpp"

namespace belay::conform {
namespace {

/// One that no other text holds, different for each field.
std::string telltale(Case& self, const std::string& field) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "sk-telltale-" + field + "-";
  for (int i = 0; i < 24; ++i) out += digits[self.random()() % 16];
  return out;
}

/// As it is, backwards, in base64 or percent-encoded in whole.
bool holds(std::string_view text, const std::string& secret) {
  if (text.find(secret) != std::string_view::npos || text.find(std::string(secret.rbegin(), secret.rend())) != std::string_view::npos) return true;
  if (text.find(base64(secret)) != std::string_view::npos) return true;
  std::string percent, hex;
  for (const char c : secret) {
    static constexpr char digits[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    percent += std::string("%") + digits[byte >> 4] + digits[byte & 15];
    hex += std::string(1, static_cast<char>(digits[byte >> 4] | 0x20)) + static_cast<char>(digits[byte & 15] | 0x20);
  }
  return text.find(percent) != std::string_view::npos || text.find(hex) != std::string_view::npos;
}

class Search {
 public:
  Search(Case& self, std::string where) : self_(self), where_(std::move(where)) {}
  void in(std::string_view text, const std::vector<std::string>& secrets, const std::string& what) {
    for (const auto& secret : secrets) {
      if (holds(text, secret)) self_.fail("a secret stands in a header marked BELAY_SECRET and nowhere else", where_ + ": it stands in " + what);
    }
  }

 private:
  Case& self_;
  std::string where_;
};

/// A nonsensical exchange for which a plugin may want to say much.
std::vector<Cassette> with_complaints(const Cassette& cassette) {
  std::vector<Cassette> out{cassette, cassette, cassette};
  out[1].operation = "org.example.none";
  out[2].required = {"conform_unknown_member"};
  return out;
}

}  // namespace

void req_03(Case& self) {
  auto tapes = replies::exchanges(self.plugin());
  const auto invented = replies::any_exchange(self.plugin());
  if (tapes.empty()) tapes.push_back(&invented);
  bool any = false;
  for (const auto* tape : tapes) {
    if (tape->keyless) continue;
    any = true;
    Cassette cassette = *tape;
    std::vector<std::string> secrets;
    for (auto& field : cassette.fields) {
      if (!field.secret) continue;
      field.value = telltale(self, field.name);
      secrets.push_back(field.value);
    }
    for (const auto& variant : with_complaints(cassette)) {
      self.doing("cassette " + cassette.name);
      Account account(self, self.plugin(), variant);
      const auto played = play(self.plugin(), account.get(), variant);
      replies::no_exception(self, played, replies::place(variant));
      Search search(self, replies::place(variant));
      search.in(played.sent.method + " " + played.sent.url, secrets, "the URL");
      search.in(played.sent.body, secrets, "the body");
      for (const auto& header : played.sent.headers) {
        search.in(header.name, secrets, "the name of a header");
        if (!header.secret) search.in(header.value, secrets, "the header " + header.name + ", which is not marked");
      }
      search.in(played.error, secrets, "an error text: " + played.error);
      for (const auto& event : played.events) search.in(event.a + "\n" + event.b, secrets, "an event");
      for (const auto& line : self.plugin().host.log) search.in(line.text, secrets, "a log line");
      for (const auto& [key, value] : self.plugin().host.state) search.in(key + "\n" + value, secrets, "a note of belay.state/1");
    }
  }
  if (!any) self.not_applicable("every cassette is keyless");
}

}  // namespace belay::conform
