// A body may be cut anywhere: the pieces' borders must not show in the events.
#include <algorithm>
#include <set>

#include "checks/replies.hpp"
#include "checks/stream.hpp"
#include "checks/variants.hpp"

namespace belay::conform {
namespace {

// Every place of a body up to this size is tried, of a larger one as many, chosen by the seed.
constexpr std::size_t most_cuts = 1500;
constexpr std::size_t most_cuts_of_all = 12000;

Played cut(Case& self, Account& account, const Cassette& cassette, const std::string& body, Cuts cuts, const std::string& what) {
  return replies::whole(self, account, cassette, replies::with_body(body, std::move(cuts)), what);
}

Cuts every(std::size_t step, std::size_t size) {
  Cuts cuts;
  for (std::size_t at = step; at < size; at += step) cuts.push_back(at);
  return cuts;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Places in a body where a reader that takes pieces for wholes goes wrong: inside a character, between CR and LF, inside \uXXXX and between two that are one.
std::vector<std::size_t> tender_places(std::string_view body) {
  std::set<std::size_t> places;
  for (std::size_t i = 1; i < body.size(); ++i) {
    if (continues_character(body[i])) places.insert(i);
    if (body[i - 1] == '\r' && body[i] == '\n') places.insert(i);
    if (body[i - 1] == '\\') {
      const bool unicode = body[i] == 'u';
      for (std::size_t k = 0; k <= (unicode ? 5u : 1u) && i + k < body.size(); ++k) places.insert(i + k);
    }
  }
  return {places.begin(), places.end()};
}

/// The same reply in its tender spellings, with what the text has become.
struct Spelling {
  std::string what, body;
};
std::vector<Spelling> tender_spellings(const Cassette& cassette) {
  const auto& body = cassette.reply->body;
  std::vector<Spelling> out;
  const auto add = [&](std::string what, std::optional<std::string> text) {
    if (text) out.push_back({std::move(what), std::move(*text)});
  };
  if (cassette.stream) add("with CRLF line ends", variants::with_line_ends(body, "\r\n"));
  add("in characters of two to four bytes", variants::rewritten(body, cassette.stream, variants::Escapes::plain, variants::foreign));
  add("in escapes and surrogate pairs", variants::rewritten(body, cassette.stream, variants::Escapes::all, variants::foreign));
  return out;
}

}  // namespace

void strm_01(Case& self) {
  replies::http_only(self);
  for (const auto* cassette : replies::need_replies(self)) {
    Account account(self, self.plugin(), *cassette);
    const auto& body = cassette->reply->body;
    self.doing("cassette " + cassette->name + " in one piece");
    const auto once = replies::whole(self, account, *cassette);
    if (!cassette->expect.error && !cassette->reply->truncated)
      replies::same_message(self, *cassette, message_of(once, cassette->wire, cassette->stream), replies::place(*cassette));
    self.doing("cassette " + cassette->name + " byte by byte");
    const auto bytes = cut(self, account, *cassette, body, every_byte(body.size()), "byte by byte");
    replies::same_events(self, once.events, bytes.events, replies::place(*cassette, "byte by byte"));
  }
}

void strm_02(Case& self) {
  replies::http_only(self);
  const auto all = replies::need_replies(self);
  const std::size_t share = std::min(most_cuts, most_cuts_of_all / all.size());
  std::size_t tried = 0;
  for (const auto* cassette : all) {
    Account account(self, self.plugin(), *cassette);
    const auto& body = cassette->reply->body;
    const auto once = replies::whole(self, account, *cassette);
    const auto try_cuts = [&](Cuts cuts, const std::string& what) {
      self.doing("cassette " + cassette->name + " " + what);
      const auto played = cut(self, account, *cassette, body, std::move(cuts), what);
      replies::same_events(self, once.events, played.events, replies::place(*cassette, what));
      ++tried;
    };
    for (const std::size_t step : {2u, 3u, 5u, 7u}) try_cuts(every(step, body.size()), "in pieces of " + std::to_string(step) + " bytes");
    for (const std::size_t at : replies::sample(self, every(1, body.size()), share)) try_cuts({at}, "cut at " + std::to_string(at));
    for (int round = 0; round < 20 && body.size() > 2; ++round) {
      Cuts cuts = every(1, body.size());
      const auto keep = 1 + self.random()() % std::min<std::size_t>(cuts.size(), 12);
      try_cuts(replies::sample(self, std::move(cuts), keep), "cut at random, round " + std::to_string(round));
    }
  }
  self.measured("ways to cut", std::to_string(tried));
}

void strm_03(Case& self) {
  replies::http_only(self);
  std::size_t tried = 0;
  for (const auto* cassette : replies::need_replies(self)) {
    if (cassette->expect.error || cassette->reply->truncated) continue;
    Account account(self, self.plugin(), *cassette);
    for (const auto& spelling : tender_spellings(*cassette)) {
      const auto once = cut(self, account, *cassette, spelling.body, {}, spelling.what);
      const auto text = message_of(once, cassette->wire, cassette->stream).text;
      const bool changed = spelling.what.find("CRLF") == std::string::npos;
      const auto wanted = cassette->expect.text ? std::optional(changed ? variants::foreign(*cassette->expect.text) : *cassette->expect.text) : std::nullopt;
      self.require(!wanted || text == *wanted, "the text \"" + wanted.value_or("") + "\"", replies::place(*cassette, spelling.what) + ": \"" + text + "\"");
      for (const std::size_t at : replies::sample(self, tender_places(spelling.body), 150)) {
        const auto what = spelling.what + ", cut at " + std::to_string(at);
        self.doing("cassette " + cassette->name + " " + what);
        const auto played = cut(self, account, *cassette, spelling.body, {at}, what);
        replies::same_events(self, once.events, played.events, replies::place(*cassette, what));
        ++tried;
      }
    }
  }
  self.measured("ways to cut", std::to_string(tried));
}

void strm_13(Case& self) {
  replies::http_only(self);
  for (const auto* cassette : replies::need_replies(self)) {
    Account account(self, self.plugin(), *cassette);
    const auto& body = cassette->reply->body;
    for (const std::size_t step : {1u, 7u, 64u}) {
      const auto what = "in pieces of " + std::to_string(step) + " bytes";
      self.doing("cassette " + cassette->name + " " + what);
      PlayOptions kept;
      kept.cuts = every(step, body.size());
      kept.poison = false;
      const auto untouched = replies::whole(self, account, *cassette, kept, what + " that stay as they are");
      kept.poison = true;
      const auto poisoned = replies::whole(self, account, *cassette, kept, what + ", overwritten after each call");
      replies::same_events(self, untouched.events, poisoned.events, replies::place(*cassette, what + ", overwritten after each call"));
    }
  }
}

}  // namespace belay::conform
