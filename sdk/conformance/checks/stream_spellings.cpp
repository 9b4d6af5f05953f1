// The same stream as other servers write it: comments, CR, a byte order mark, events of unknown types, bytes after the end.
#include <algorithm>

#include "checks/replies.hpp"
#include "checks/stream.hpp"
#include "checks/variants.hpp"

namespace belay::conform {
namespace {

constexpr std::string_view unknown_name = "conform.unknown", unknown_data = R"({"type":"conform.unknown","conform":{"nested":[1,2,3]}})";

Played respelled(Case& self, Account& account, const Cassette& cassette, const std::string& body, const std::string& what, Cuts cuts = {}) {
  self.doing("cassette " + cassette.name + " " + what);
  return replies::whole(self, account, cassette, replies::with_body(body, std::move(cuts)), what);
}

/// The reply is over before finish(): by a terminal event, or a raw stream's "[DONE]".
bool has_end_mark(const Played& played) {
  if (played.events.empty()) return false;
  const auto& last = played.events.back();
  if (last.type == BELAY_EVENT_RAW) return last.a == "[DONE]";
  return played.before_finish == played.events.size();
}

std::vector<SeenEvent> without_unknown(std::vector<SeenEvent> events) {
  std::erase_if(events, [](const auto& event) { return event.type == BELAY_EVENT_RAW && event.b == unknown_name && event.a == unknown_data; });
  return events;
}

bool told_whole(const Cassette& cassette) { return !cassette.expect.error && !cassette.reply->truncated; }

}  // namespace

void strm_08(Case& self) {
  for (const auto* cassette : replies::need_streams(self)) {
    if (!told_whole(*cassette)) continue;
    Account account(self, self.plugin(), *cassette);
    const auto& body = cassette->reply->body;
    const auto plain = replies::whole(self, account, *cassette);
    const auto same = [&](const std::string& other, const std::string& what) {
      replies::same_events(self, plain.events, respelled(self, account, *cassette, other, what).events, replies::place(*cassette, what));
      const auto bytes = respelled(self, account, *cassette, other, what + ", byte by byte", every_byte(other.size()));
      replies::same_events(self, plain.events, bytes.events, replies::place(*cassette, what + ", byte by byte"));
    };
    same(variants::with_comments(body), "with comments and blank lines as keep-alives");
    same(variants::with_line_ends(body, "\r"), "with CR line ends");
    same(variants::with_line_ends(body, "\r\n"), "with CRLF line ends");
    same("\xEF\xBB\xBF" + body, "behind a byte order mark");
    same(variants::without_last_line_end(body), "without the line ends at its end");
    same("\n\n" + body + "\n\n\n", "between blank lines");
  }
}

void strm_12(Case& self) {
  for (const auto* cassette : replies::need_streams(self)) {
    if (!told_whole(*cassette)) continue;
    Account account(self, self.plugin(), *cassette);
    const auto plain = replies::whole(self, account, *cassette);
    const auto other = variants::with_unknown_events(cassette->reply->body, unknown_name, unknown_data);
    const std::string what = "with events of an unknown type between";
    const auto played = respelled(self, account, *cassette, other, what);
    replies::same_events(self, plain.events, without_unknown(played.events), replies::place(*cassette, what));
  }
}

void strm_14(Case& self) {
  bool any = false;
  for (const auto* cassette : replies::need_streams(self)) {
    if (!told_whole(*cassette)) continue;
    Account account(self, self.plugin(), *cassette);
    const auto plain = replies::whole(self, account, *cassette);
    if (!has_end_mark(plain)) continue;
    any = true;
    const auto& body = cassette->reply->body;
    for (const std::string_view more : {"data: {\"conform\":1}\n\n", "garbage \x01\x02\xFF", "data: [DONE]\n\n", "event: error\ndata: {\"error\":{\"message\":\"late\"}}\n\n"}) {
      const auto other = body + std::string(more);
      const auto what = "with bytes after its end: " + std::string(more.substr(0, 12));
      replies::same_events(self, plain.events, respelled(self, account, *cassette, other, what).events, replies::place(*cassette, what));
      const auto cut = respelled(self, account, *cassette, other, what + ", in a piece of their own", {body.size()});
      replies::same_events(self, plain.events, cut.events, replies::place(*cassette, what + ", in a piece of their own"));
    }
  }
  if (!any) self.not_applicable("no stream of the cassettes has an end mark by which the reply is over before the connection is");
}

}  // namespace belay::conform
