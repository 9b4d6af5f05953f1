// Replies that do not end well: cut short, or an error told inside a 200.
#include "checks/replies.hpp"
#include "checks/stream.hpp"
#include "drive/reasons.hpp"
#include "drive/sse.hpp"

namespace belay::conform {
namespace {

/// No STOP, no RESULT, and an ERROR at the end, which a raw reply needs too (unless its end mark came).
void require_cut(Case& self, const Played& played, const std::string& where) {
  replies::no_exception(self, played, where);
  if (played.failed() < 0) return;  // an error of the call ends the exchange as an invalid reply
  const auto* last = played.terminal();
  const std::string expected = "a reply that was cut ends with ERROR, never with STOP or RESULT";
  self.require(last != nullptr, expected, where + ": " + (played.events.empty() ? "no event at all" : "the last event is " + to_string(played.events.back())));
  self.require(last->type == BELAY_EVENT_ERROR, expected, where + ": " + to_string(*last));
}

PlayOptions cut_off(const std::string& body) {
  auto options = replies::with_body(body);
  options.finish = BELAY_FINISH_TRUNCATED;
  return options;
}

/// Beginnings of a stream that are none of the whole: up to half of its events. (Near its end a finish reason may have made it whole.)
std::vector<std::size_t> early_places(const Cassette& cassette) {
  std::vector<std::size_t> out{0, 1};
  if (!cassette.stream) {
    const auto size = cassette.reply->body.size();
    for (const std::size_t part : {1u, 2u, 3u}) out.push_back(size * part / 4);
    return out;
  }
  const auto blocks = sse_blocks(cassette.reply->body);
  std::size_t at = 0;
  for (std::size_t i = 0; i < blocks.size() / 2; ++i) {
    out.push_back(at + blocks[i].size() / 2);
    at += blocks[i].size();
    out.push_back(at);
  }
  return out;
}

}  // namespace

void strm_09(Case& self) {
  replies::http_only(self);
  if (self.plugin().cassettes_of("truncated").empty()) self.skip_missing("truncated");
  for (const auto* cassette : self.plugin().cassettes_of("truncated")) {
    self.doing("cassette " + cassette->name);
    self.require(cassette->reply && cassette->reply->truncated, "the cassette has reply.end \"truncated\"", cassette->file);
    Account account(self, self.plugin(), *cassette);
    require_cut(self, play(self.plugin(), account.get(), *cassette), replies::place(*cassette));
  }
  for (const auto* cassette : replies::good(self.plugin())) {
    if (cassette->expect.error || cassette->reply->truncated) continue;
    Account account(self, self.plugin(), *cassette);
    for (const std::size_t at : replies::sample(self, early_places(*cassette), 60)) {
      const auto what = "cut off at " + std::to_string(at) + " of " + std::to_string(cassette->reply->body.size()) + " bytes";
      self.doing("cassette " + cassette->name + " " + what);
      require_cut(self, play(self.plugin(), account.get(), *cassette, cut_off(cassette->reply->body.substr(0, at))), replies::place(*cassette, what));
    }
  }
}

void strm_10(Case& self) {
  replies::http_only(self);
  const auto cassettes = self.plugin().cassettes_of("mid-stream-error");
  if (cassettes.empty()) self.skip_missing("mid-stream-error");
  for (const auto* cassette : cassettes) {
    self.doing("cassette " + cassette->name);
    Account account(self, self.plugin(), *cassette);
    const auto played = replies::whole(self, account, *cassette);
    const auto where = replies::place(*cassette);
    const auto told = message_of(played, cassette->wire, cassette->stream);
    self.require(told.error, "an error inside a 200 reply becomes an ERROR event, or a RAW one that the host can read as an error",
                 where + ": " + (told.stop.empty() ? "no error was told" : "the reply stops as if it were whole"));
    self.require(played.events.back().type != BELAY_EVENT_STOP, "nothing ends well after the error", where + ": " + to_string(played.events.back()));
    if (cassette->expect.text) self.require(told.text == *cassette->expect.text, "the text before the error: \"" + *cassette->expect.text + "\"", where + ": \"" + told.text + "\"");
  }
}

}  // namespace belay::conform
