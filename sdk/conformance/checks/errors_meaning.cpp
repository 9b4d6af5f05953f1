// What classify_error() makes of replies that are none.
#include <algorithm>

#include "base/json.hpp"
#include "base/time.hpp"
#include "base/utf8.hpp"
#include "belay/words.hpp"
#include "checks/errors.hpp"
#include "checks/replies.hpp"
#include "drive/reasons.hpp"

namespace belay::conform {
namespace {

/// What the host's own table makes of a failure in OpenAI's shape, for what a plugin leaves to it.
words::Meaning hosts_meaning(const SeenEvent::Failure& failure) {
  std::string code = failure.code, type = failure.type, message = failure.message, parameter = failure.parameter;
  if (const auto document = json::parse(failure.body); document && code.empty() && type.empty() && message.empty()) {
    const json::Value* error = document->IsArray() && !document->Empty() ? &(*document)[0] : &*document;
    if (const auto* inner = json::find(*error, "error"); inner != nullptr && inner->IsObject()) error = inner;
    const auto text = [&](const char* name) {
      const auto* value = json::find(*error, name);
      if (value != nullptr && value->IsString()) return std::string(json::view(*value));
      return value != nullptr && value->IsInt64() ? std::to_string(value->GetInt64()) : std::string();
    };
    code = text("code");
    type = text("type").empty() ? text("status") : text("type");
    message = text("message");
    parameter = text("param");
  }
  return words::meaning_of({.status = failure.status, .code = code, .type = type, .message = message, .parameter = parameter, .body = failure.body});
}

void sound(const Case& self, const Classified& answer, const std::string& where) {
  self.require(answer.threw.empty(), "nothing is thrown across the line", where + ": " + answer.threw);
  self.require(answer.breach.empty(), "texts within their room, UTF-8", where + ": " + answer.breach);
  if (answer.status < 0) return;
  self.require(answer.retry_after_ms >= -1 && answer.reset_unix_ms >= -1 && answer.affordable_tokens >= -1, "times and counts are -1 or what they say",
               where + ": retry_after_ms " + std::to_string(answer.retry_after_ms) + ", reset_unix_ms " + std::to_string(answer.reset_unix_ms) +
                   ", affordable_tokens " + std::to_string(answer.affordable_tokens));
}

Classified ask(Case& self, Account& account, const SeenEvent::Failure& failure, const std::string& where) {
  self.doing(where);
  auto answer = classify(self.plugin(), account.get(), failure);
  sound(self, answer, where);
  return answer;
}

void require_expected(Case& self, const Cassette& cassette, const SeenEvent::Failure& failure, const Classified& answer) {
  const auto where = replies::place(cassette);
  const auto& expect = cassette.expect;
  // What the plugin leaves open the host's table fills in; together they have to say what the cassette does.
  const auto table = hosts_meaning(failure);
  const bool open = answer.status < 0 || answer.reason == BELAY_REASON_UNKNOWN;
  const auto reason = open ? table.reason : answer.reason;
  if (expect.reason)
    self.require(reason_name(reason) == *expect.reason, *expect.reason,
                 where + ": " + std::string(reason_name(reason)) + (open ? " (the plugin leaves it to the host's table)" : ""));
  if (expect.scope && !open) self.require(scope_name(answer.scope) == *expect.scope, "scope " + *expect.scope, where + ": " + std::string(scope_name(answer.scope)));
  const auto number = [&](const char* name, const std::optional<std::int64_t>& wanted, std::int64_t plugins, std::int64_t hosts) {
    const auto got = plugins == -1 ? hosts : plugins;
    if (wanted) self.require(got == *wanted, std::string(name) + " " + std::to_string(*wanted), where + ": " + std::to_string(got));
  };
  number("affordable_tokens", expect.affordable_tokens, answer.affordable_tokens, open ? table.affordable_tokens : -1);
  number("reset_unix_ms", expect.reset_unix_ms, answer.reset_unix_ms, open ? table.reset_unix_ms : -1);
  if (expect.retry_after_ms) {
    // Retry-After itself is read by the host.
    const auto header = std::find_if(failure.headers.begin(), failure.headers.end(), [](const auto& pair) { return pair.first == "retry-after"; });
    const bool in_header = header != failure.headers.end();
    if (!in_header || answer.retry_after_ms != -1) number("retry_after_ms", expect.retry_after_ms, answer.retry_after_ms, open ? table.retry_after_ms : -1);
  }
  const auto text = [&](const char* name, const std::optional<std::string>& wanted, const std::string& plugins, const std::string& hosts) {
    const auto& got = open ? hosts : plugins;
    if (wanted) self.require(got == *wanted, std::string(name) + " \"" + *wanted + "\"", where + ": \"" + printable(got) + "\"");
  };
  text("parameter", expect.parameter, answer.parameter, table.parameter);
  text("rename", expect.rename, answer.rename, table.rename);
}

struct Statuses {
  int status;
  std::vector<std::uint32_t> sane;   ///< beside UNKNOWN
};
/// What a status without a word of explanation can mean.
const std::vector<Statuses>& wordless() {
  static const std::vector<Statuses> list = {
      {400, {BELAY_REASON_BAD_REQUEST, BELAY_REASON_UNSUPPORTED_PARAMETER, BELAY_REASON_INVALID_REPLY}},
      {401, {BELAY_REASON_AUTH_REJECTED}},
      {402, {BELAY_REASON_QUOTA_EXHAUSTED}},
      {403, {BELAY_REASON_PERMISSION_DENIED, BELAY_REASON_AUTH_REJECTED, BELAY_REASON_OVERLOADED}},
      {404, {BELAY_REASON_MODEL_UNAVAILABLE, BELAY_REASON_PERMISSION_DENIED, BELAY_REASON_BAD_REQUEST}},
      {413, {BELAY_REASON_REQUEST_TOO_LARGE}},
      {429, {BELAY_REASON_RATE_LIMITED, BELAY_REASON_QUOTA_EXHAUSTED, BELAY_REASON_OVERLOADED}},
      {500, {BELAY_REASON_SERVER_ERROR, BELAY_REASON_OVERLOADED}},
      {502, {BELAY_REASON_SERVER_ERROR, BELAY_REASON_OVERLOADED, BELAY_REASON_UNREACHABLE}},
      {503, {BELAY_REASON_OVERLOADED, BELAY_REASON_SERVER_ERROR, BELAY_REASON_UNREACHABLE}},
      {504, {BELAY_REASON_SERVER_ERROR, BELAY_REASON_TIMED_OUT, BELAY_REASON_UNREACHABLE, BELAY_REASON_OVERLOADED}},
      {529, {BELAY_REASON_OVERLOADED, BELAY_REASON_SERVER_ERROR}}};
  return list;
}

std::vector<std::pair<std::string, std::string>> wordless_bodies(Case& self) {
  std::string noise(64u << 10, '\0');
  for (char& c : noise) c = static_cast<char>(self.random()());
  std::vector<std::pair<std::string, std::string>> out = {
      {"an empty body", ""},
      {"a page", "<!DOCTYPE html>\n<html><head><title>Something went wrong</title></head><body><h1>Something went wrong</h1><p>Ray ID: 8f</p></body></html>\n"},
      {"64 KiB of noise", noise},
      {"64 KiB of brackets", std::string(64u << 10, '[')},
      {"half of an object", R"({"error":{"message":"abc)"},
      {"members of wrong types", R"({"error":{"message":{"a":1},"type":[],"code":false,"param":3.5}})"},
      {"null", "null"}};
  return out;
}

struct RetryAfter {
  std::string name, value;
  std::optional<std::int64_t> ms;   ///< what it says; nullopt: nothing that can be read
};
/// The forms there are, and some that are none.
std::vector<RetryAfter> retry_afters(std::int64_t now_ms) {
  const auto date = [&](std::int64_t ms) {
    const std::time_t seconds = static_cast<std::time_t>((now_ms + ms) / 1000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[64];
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return std::string(text);
  };
  return {{"retry-after", "7", 7000},         {"retry-after", "0", 0},          {"retry-after", "1.5", 1500},          {"retry-after", date(30'000), 30'000},
          {"retry-after", date(-60'000), {}}, {"retry-after", "-5", {}},        {"retry-after", "99999999999999999999", {}}, {"retry-after", "soon", {}},
          {"retry-after", "", {}},            {"retry-after", "nan", {}},       {"retry-after-ms", "1500", 1500},      {"retry-after-ms", "-1", {}},
          {"retry-after-ms", "1e400", {}},    {"x-ratelimit-reset-requests", "1s", {}}};
}

}  // namespace

void err_01(Case& self) {
  const bool http = !self.plugin().own_transport();
  if (http) {
    for (const char* name : {"401", "402", "403", "429", "500"}) {
      if (self.plugin().cassettes_of(name).empty()) self.skip_missing(name);
    }
  }
  bool any = false;
  for (const auto* cassette : replies::exchanges(self.plugin())) {
    if (!cassette->expect.reason) continue;
    any = true;
    self.doing("cassette " + cassette->name);
    Account account(self, self.plugin(), *cassette);
    SeenEvent::Failure failure;
    if (cassette->reply && (cassette->reply->status < 200 || cassette->reply->status >= 300)) {
      failure = failure_of(*cassette->reply);
    } else {
      const auto told = message_of(replies::whole(self, account, *cassette), cassette->wire, cassette->stream);
      self.require(told.failure.has_value(), "an error, of which the cassette tells the reason", replies::place(*cassette) + ": there was none");
      failure = *told.failure;
    }
    require_expected(self, *cassette, failure, ask(self, account, failure, replies::place(*cassette)));
  }
  if (any) return;
  if (!http) self.not_applicable("no cassette of this plugin with its own transport tells an error");
  self.fail("the cassettes of statuses say in expect.reason what they mean", "none does");
}

void err_02(Case& self) {
  replies::http_only(self);
  const auto* cassette = self.plugin().cassette("429");
  if (cassette == nullptr || !cassette->reply) self.skip_missing("429");
  Account account(self, self.plugin(), *cassette);
  auto plain = *cassette->reply;
  std::erase_if(plain.headers, [](const auto& header) { return header.first.find("retry") != std::string::npos; });
  const auto without = ask(self, account, failure_of(plain), "429 without Retry-After");
  for (const auto& form : retry_afters(self.plugin().host.unix_ms)) {
    auto reply = plain;
    reply.headers.emplace_back(form.name, form.value);
    const auto where = "429 with " + form.name + ": " + form.value;
    const auto answer = ask(self, account, failure_of(reply), where);
    self.require(answer.reason == without.reason, "the reason is the same as without it: " + std::string(reason_name(without.reason)),
                 where + ": " + std::string(reason_name(answer.reason)));
    // The host reads the header; a plugin that does too has to read it right.
    const bool right = answer.retry_after_ms == without.retry_after_ms || answer.retry_after_ms == -1 || (form.ms && answer.retry_after_ms == *form.ms);
    self.require(right, form.ms ? "retry_after_ms " + std::to_string(*form.ms) + ", or -1: the host reads this header" : "retry_after_ms -1: this says nothing",
                 where + ": " + std::to_string(answer.retry_after_ms));
  }
}

void err_03(Case& self) {
  const auto cassette = replies::any_exchange(self.plugin());
  Account account(self, self.plugin(), cassette);
  const auto bodies = wordless_bodies(self);
  for (const auto& [status, sane] : wordless()) {
    for (const auto& [what, body] : bodies) {
      CassetteReply reply;
      reply.status = status;
      reply.headers = {{"content-type", what == "a page" ? "text/html" : "application/json"}};
      reply.body = body;
      const auto where = std::to_string(status) + " with " + what;
      const auto answer = ask(self, account, failure_of(reply), where);
      const bool is_sane = answer.status < 0 || answer.reason == BELAY_REASON_UNKNOWN || std::find(sane.begin(), sane.end(), answer.reason) != sane.end();
      std::string right = "unknown";
      for (const auto reason : sane) right += " or " + std::string(reason_name(reason));
      self.require(is_sane, right, where + ": " + std::string(reason_name(answer.reason)));
    }
  }
}

}  // namespace belay::conform
