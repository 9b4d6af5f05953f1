// Bodies as callers send them: odd, large, with members from the future.
#include <algorithm>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "checks/replies.hpp"
#include "checks/request.hpp"
#include "drive/loan.hpp"

namespace belay::conform {
namespace {

using Document = json::Document;
using Value = json::Value;

PlayOptions till_built(const Subject& plugin) {
  PlayOptions options;
  options.until = plugin.own_transport() ? Until::whole : Until::built;
  return options;
}

Value text_value(Document& of, std::string_view text) {
  Value value;
  value.SetString(text.data(), static_cast<rapidjson::SizeType>(text.size()), of.GetAllocator());
  return value;
}

Value user_message(Document& of, std::string_view text) {
  Value message(rapidjson::kObjectType);
  message.AddMember("role", "user", of.GetAllocator());
  message.AddMember("content", text_value(of, text), of.GetAllocator());
  return message;
}

/// The exchange with `count` messages of that text, in whichever member its body keeps them.
Cassette saying(const Cassette& cassette, std::string_view text, std::size_t count = 1) {
  Cassette out = cassette;
  out.required.clear();
  auto document = json::parse(cassette.body);
  if (!document || !document->IsObject()) return out;
  Value messages(rapidjson::kArrayType);
  for (std::size_t i = 0; i < count; ++i) messages.PushBack(user_message(*document, text), document->GetAllocator());
  const char* member = document->HasMember("input") && !document->HasMember("messages") ? "input" : "messages";
  document->RemoveMember(member);
  document->AddMember(rapidjson::StringRef(member), messages, document->GetAllocator());
  out.body = json::text(*document);
  return out;
}

void count_texts(const Value& value, std::string_view text, std::size_t& found) {
  if (value.IsString()) found += json::view(value) == text ? 1 : 0;
  if (value.IsArray()) {
    for (const auto& element : value.GetArray()) count_texts(element, text, found);
  }
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) count_texts(member.value, text, found);
  }
}

const std::string& body_sent(const Cassette& cassette, const Played& played) { return played.sent.body_as_given ? cassette.body : played.sent.body; }

/// The request is built, and what the caller said is in it.
void require_said(Case& self, Account& account, const Cassette& cassette, std::string_view text, std::size_t count, const std::string& what) {
  self.doing(what);
  const auto played = play(self.plugin(), account.get(), cassette, till_built(self.plugin()));
  replies::no_exception(self, played, what);
  self.require(played.failed() >= 0, "a request for it", what + ": status " + std::to_string(played.failed()) + " " + played.error);
  if (self.plugin().own_transport()) return;
  const auto document = json::parse(body_sent(cassette, played));
  self.require(document.ok(), "a body that is JSON", what + ": " + (document ? std::string() : document.error().message));
  std::size_t found = 0;
  count_texts(*document, text, found);
  self.require(found >= count, "the text as it was given, " + std::to_string(count) + " time(s) in the body", what + ": " + std::to_string(found) + " time(s)");
}

/// Chats that the plugin takes, one of each wire; ends the check where it does none.
std::vector<Cassette> chats(Case& self) {
  auto found = replies::one_of_each_wire(self.plugin());
  if (found.empty()) self.not_applicable("no cassette of this plugin is a chat");
  return found;
}

constexpr std::string_view future_name = "conform_of_the_future", future_value = R"({"nested":[1,"two",null]})";

Cassette with_member(const Cassette& cassette) {
  Cassette out = cassette;
  const auto end = out.body.rfind('}');
  const bool empty = out.body.find('"') == std::string::npos;
  out.body.insert(end, (empty ? "\"" : ",\"") + std::string(future_name) + "\":" + std::string(future_value));
  return out;
}

void odd_bodies(Case& self, const Cassette& cassette) {
  Account account(self, self.plugin(), cassette);
  const std::string odd = "Gr\xC3\xBC\xC3\x9F \xE6\xBC\xA2\xE5\xAD\x97 \xF0\x9F\xA6\x8A \xE2\x80\xAE\"\\/\b\f\n\r\t\x01 \xEF\xBF\xBD end";
  require_said(self, account, saying(cassette, odd), odd, 1, "a text of unusual characters");
  const std::string large(std::size_t{1} << 20, 'x');
  require_said(self, account, saying(cassette, large), large, 1, "a text of 1 MiB");
  require_said(self, account, saying(cassette, "line", 10'000), "line", 10'000, "10,000 messages");
  for (const auto& nothing : {saying(cassette, ""), saying(cassette, "", 0)}) {
    // Upstream may refuse it, and so may the plugin; in words.
    self.doing("an empty text, no message at all");
    const auto played = play(self.plugin(), account.get(), nothing, till_built(self.plugin()));
    replies::no_exception(self, played, "an empty request");
    self.require(played.failed() >= 0 || !played.error.empty(), "a request, or a refusal with a sentence", "an empty request: status " + std::to_string(played.failed()) + " without a word");
  }
}

void unknown_words(Case& self, const Cassette& plain) {
  Account account(self, self.plugin(), plain);
  const auto future = with_member(plain);
  self.doing("a member that the plugin doesn't know");
  const auto ignored = play(self.plugin(), account.get(), future, till_built(self.plugin()));
  replies::no_exception(self, ignored, "an unknown member");
  self.require(ignored.failed() >= 0, "a member that the plugin doesn't know is ignored or handed on",
               "status " + std::to_string(ignored.failed()) + (ignored.error.empty() ? std::string() : ": " + ignored.error));

  auto required = future;
  required.required = {std::string(future_name)};
  self.doing("a member that the plugin doesn't know and must not ignore");
  const auto asked = play(self.plugin(), account.get(), required, till_built(self.plugin()));
  replies::no_exception(self, asked, "an unknown required member");
  const bool refused = asked.begin == BELAY_ERR_UNSUPPORTED || asked.build == BELAY_ERR_UNSUPPORTED || asked.run == BELAY_ERR_UNSUPPORTED;
  const bool sent = asked.failed() >= 0 && !self.plugin().own_transport() && body_sent(required, asked).find(future_name) != std::string::npos;
  self.require(refused || sent, "a required member that the plugin doesn't know is sent or refused with BELAY_ERR_UNSUPPORTED",
               asked.failed() < 0 ? "status " + std::to_string(asked.failed()) + ": " + asked.error : std::string("it was silently dropped"));

  auto other = plain;
  other.operation = "org.example.none";
  self.doing("an operation that the plugin doesn't know");
  const auto unknown = play(self.plugin(), account.get(), other, till_built(self.plugin()));
  replies::no_exception(self, unknown, "an unknown operation");
  self.require(unknown.begin == BELAY_ERR_UNSUPPORTED, "begin() refuses an unknown operation with BELAY_ERR_UNSUPPORTED", "begin() answered " + std::to_string(unknown.begin));
}

}  // namespace

void req_04(Case& self) {
  for (const auto& cassette : chats(self)) odd_bodies(self, cassette);
}

void req_05(Case& self) {
  for (const auto& cassette : chats(self)) unknown_words(self, cassette);
}

}  // namespace belay::conform
