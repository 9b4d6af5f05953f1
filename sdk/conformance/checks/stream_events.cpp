// What the events say: grammar, text, tools, usage.
#include <algorithm>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "checks/replies.hpp"
#include "checks/stream.hpp"
#include "checks/variants.hpp"
#include "drive/wires.hpp"

namespace belay::conform {
namespace {

std::string shown(const std::vector<SeenEvent>& events) {
  std::string out;
  for (const auto& event : events) out += (out.empty() ? "" : ", ") + to_string(event);
  return out;
}

/// An error of the exchange itself is told by its status, and there is no terminal event then.
void require_grammar(Case& self, Account& account, const Cassette& cassette, const PlayOptions& options, const std::string& what) {
  self.doing("cassette " + cassette.name + " " + what);
  const auto played = play(self.plugin(), account.get(), cassette, options);
  const auto where = replies::place(cassette, what);
  replies::no_exception(self, played, where);
  if (const auto breach = grammar_breach(played, cassette.stream))
    self.fail("events by the grammar of belay/event.h, one terminal event at the end", where + ": " + *breach);
}

/// Which payloads have to be UTF-8: all but RAW, which are upstream's own bytes.
const std::string* bad_text(const SeenEvent& event) {
  if (event.type == BELAY_EVENT_RAW) return nullptr;
  for (const auto* text : {&event.a, &event.b}) {
    if (!valid_utf8(*text)) return text;
  }
  if (event.failure) {
    for (const auto* text : {&event.failure->code, &event.failure->type, &event.failure->message, &event.failure->parameter}) {
      if (!valid_utf8(*text)) return text;
    }
  }
  return nullptr;
}

void require_utf8(Case& self, const Played& played, const std::string& where) {
  replies::no_exception(self, played, where);
  for (const auto& event : played.events) {
    if (bad_text(event) != nullptr) self.fail("every text of an event is UTF-8, whole characters", where + ": " + to_string(event));
  }
}

/// Bytes that no UTF-8 has, in the middle of the answer's text.
std::optional<std::string> with_bad_bytes(const Cassette& cassette) {
  auto body = variants::rewritten(cassette.reply->body, cassette.stream, variants::Escapes::plain, [](std::string_view text) {
    return text.empty() ? std::string() : std::string(text) + "<bad>";
  });
  if (!body) return std::nullopt;
  for (auto at = body->find("<bad>"); at != std::string::npos; at = body->find("<bad>")) body->replace(at, 5, "\xC3(\xFF\xED\xA0\x80");
  return body;
}

std::int64_t count_of(const belay_usage& usage, const std::string& name) {
  if (name == "prompt") return usage.prompt;
  if (name == "completion") return usage.completion;
  if (name == "cached") return usage.cached;
  if (name == "cache_write") return usage.cache_write;
  if (name == "reasoning") return usage.reasoning;
  return usage.audio;
}

/// The cassette of the other kind that tells the same: "ok.words" for "ok-stream.words".
const Cassette* unstreamed_twin(const Subject& plugin, const Cassette& stream) {
  const std::string prefix = "ok-stream";
  if (!std::string_view(stream.name).starts_with(prefix)) return nullptr;
  const auto* twin = plugin.cassette("ok" + stream.name.substr(prefix.size()));
  return twin != nullptr && !twin->stream ? twin : nullptr;
}

Message message(Case& self, const Cassette& cassette) {
  Account account(self, self.plugin(), cassette);
  return message_of(replies::whole(self, account, cassette), cassette.wire, cassette.stream);
}

}  // namespace

void strm_04(Case& self) {
  for (const auto* cassette : replies::need_replies(self)) {
    Account account(self, self.plugin(), *cassette);
    require_grammar(self, account, *cassette, {}, "");
    if (self.plugin().own_transport()) continue;
    PlayOptions bytes;
    bytes.cuts = every_byte(cassette->reply->body.size());
    require_grammar(self, account, *cassette, bytes, "byte by byte");
    require_grammar(self, account, *cassette, replies::with_body(""), "with an empty body");
  }
}

void strm_05(Case& self) {
  for (const auto* cassette : replies::need_replies(self)) {
    Account account(self, self.plugin(), *cassette);
    if (self.plugin().own_transport()) {
      require_utf8(self, play(self.plugin(), account.get(), *cassette), replies::place(*cassette));
      continue;
    }
    const auto try_body = [&](const std::string& body, const std::string& what) {
      self.doing("cassette " + cassette->name + " " + what);
      require_utf8(self, play(self.plugin(), account.get(), *cassette, replies::with_body(body, every_byte(body.size()))), replies::place(*cassette, what));
    };
    try_body(cassette->reply->body, "byte by byte");
    if (const auto body = variants::rewritten(cassette->reply->body, cassette->stream, variants::Escapes::plain, variants::foreign))
      try_body(*body, "in characters of two to four bytes, byte by byte");
    if (const auto body = with_bad_bytes(*cassette)) try_body(*body, "with bytes that are no UTF-8, byte by byte");
  }
}

void strm_06(Case& self) {
  if (!self.plugin().has(BELAY_CAP_TOOLS)) self.not_applicable("the plugin does not declare BELAY_CAP_TOOLS");
  auto cassettes = self.plugin().cassettes_of("tool-stream");
  if (cassettes.empty()) self.skip_missing("tool-stream");
  for (const auto* cassette : replies::good(self.plugin())) {
    if (cassette->expect.tools && !cassette->expect.tools->empty() && std::find(cassettes.begin(), cassettes.end(), cassette) == cassettes.end()) cassettes.push_back(cassette);
  }
  for (const auto* cassette : cassettes) {
    self.doing("cassette " + cassette->name);
    self.require(cassette->expect.tools && !cassette->expect.tools->empty(), "the cassette says in expect.tools which calls there are", cassette->file);
    Account account(self, self.plugin(), *cassette);
    const auto played = replies::whole(self, account, *cassette);
    const auto told = message_of(played, cassette->wire, cassette->stream);
    replies::same_tools(self, *cassette, told, replies::place(*cassette));
    for (const auto& tool : told.tools)
      self.require(json::parse(tool.arguments).ok(), "the arguments of a tool call are JSON", replies::place(*cassette) + ": " + tool.arguments);
  }
}

void strm_07(Case& self) {
  bool any = false;
  for (const auto* cassette : replies::need_replies(self)) {
    if (cassette->expect.usage.empty()) continue;
    any = true;
    self.doing("cassette " + cassette->name);
    Account account(self, self.plugin(), *cassette);
    const auto played = replies::whole(self, account, *cassette);
    belay_usage highest{sizeof highest, 0, -1, -1, -1, -1, -1, -1};
    for (const auto& event : played.events) {
      if (!event.usage) continue;
      for (const auto member : {&belay_usage::prompt, &belay_usage::completion, &belay_usage::cached, &belay_usage::cache_write, &belay_usage::reasoning,
                                &belay_usage::audio}) {
        const auto now = (*event.usage).*member;
        self.require(now >= -1 && (now == -1 || now >= highest.*member), "USAGE is cumulative: no count ever falls, none is below -1",
                     replies::place(*cassette) + ": " + shown(played.events));
        highest.*member = std::max(highest.*member, now);
      }
    }
    const auto usage = message_of(played, cassette->wire, cassette->stream).usage;
    self.require(usage.has_value(), "the usage of the reply is told", replies::place(*cassette) + ": there was none");
    for (const auto& [name, wanted] : cassette->expect.usage) {
      const auto got = count_of(*usage, name);
      self.require(got == wanted, name + " " + std::to_string(wanted), replies::place(*cassette) + ": " + name + " " + std::to_string(got));
    }
  }
  if (any) return;
  if (self.plugin().own_transport()) self.not_applicable("no cassette of this plugin with its own transport tells a usage");
  self.skip_missing("ok-stream with expect.usage");
}

void strm_11(Case& self) {
  replies::http_only(self);
  bool any = false;
  for (const auto* stream : replies::need_streams(self)) {
    const auto* body = unstreamed_twin(self.plugin(), *stream);
    if (body == nullptr || body->wire != stream->wire) continue;
    any = true;
    self.doing("cassettes " + body->name + " and " + stream->name);
    const Message one = message(self, *body), other = message(self, *stream);
    const std::string where = "cassettes " + body->name + " and " + stream->name;
    self.require(one.text == other.text, "the same text: \"" + printable(one.text) + "\"", where + ": \"" + printable(other.text) + "\"");
    self.require(one.reasoning == other.reasoning, "the same reasoning: \"" + printable(one.reasoning) + "\"", where + ": \"" + printable(other.reasoning) + "\"");
    self.require(one.stop == other.stop, "the same stop: " + one.stop, where + ": " + other.stop);
    self.require(one.tools.size() == other.tools.size(), std::to_string(one.tools.size()) + " tool calls in both", where + ": " + std::to_string(other.tools.size()));
    for (std::size_t i = 0; i < one.tools.size(); ++i) {
      self.require(one.tools[i].name == other.tools[i].name && one.tools[i].arguments == other.tools[i].arguments,
                   "the same tool call: " + one.tools[i].name + " " + one.tools[i].arguments, where + ": " + other.tools[i].name + " " + other.tools[i].arguments);
    }
  }
  if (!any) self.skip_missing("ok beside ok-stream, in the same wire");
}

}  // namespace belay::conform
