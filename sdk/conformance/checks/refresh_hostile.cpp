// AUTH-13: a token endpoint, or somebody in its place, that answers 200 with anything.
#include <string>
#include <vector>

#include "checks/refresh.hpp"

namespace belay::conform {
namespace {

struct Hostile {
  std::string what;
  CassetteReply reply;
};

std::string nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

/// No token of any kind in any of them: whatever is emitted was made up.
std::vector<Hostile> senseless() {
  std::vector<Hostile> out;
  const auto add = [&](std::string what, std::string body, int status = 200) { out.push_back({std::move(what), json_reply(status, std::move(body))}); };
  out.push_back({"an HTML page", {.status = 200, .headers = {{"content-type", "text/html"}}, .body = "<!doctype html><title>Sign in</title>", .truncated = false}});
  add("an empty body", "");
  add("nothing but white space", " \r\n\t ");
  add("null", "null");
  add("an array", "[]");
  add("a text", R"("access_token")");
  add("an empty object", "{}");
  add("1 MiB of blanks", std::string(std::size_t{1} << 20, ' '));
  add("1 MiB of open brackets", std::string(std::size_t{1} << 20, '['));
  add("an object with a member of 1 MiB", "{\"x\":\"" + std::string((std::size_t{1} << 20) - 8, 'y') + "\"}");
  add("objects 5000 deep", nested(5000, "{\"a\":", "}"));
  add("arrays 100000 deep", nested(100'000, "[", "]"));
  add("a NUL byte", std::string("{\"a\":1}\0", 8));
  add("invalid UTF-8", "{\"a\":\"\xff\xfe\xc0\x80\"}");
  add("an error object", R"({"error":{"message":"no","code":"nope"}})");
  add("an OAuth error with status 200", R"({"error":"invalid_grant"})");
  CassetteReply moved = json_reply(302, "");
  moved.headers.emplace_back("location", "https://elsewhere.example/token");
  out.push_back({"302 to another origin", moved});
  moved.status = 307;
  out.push_back({"307 to another origin", moved});
  return out;
}

std::string object_with(std::string_view access_token) { return R"({"token_type":"Bearer","expires_in":3600,"access_token":)" + std::string(access_token) + "}"; }

std::vector<Hostile> bad_tokens(const Tokens& tokens) {
  std::vector<Hostile> out;
  const auto add = [&](std::string what, std::string body) { out.push_back({std::move(what), json_reply(200, std::move(body))}); };
  const std::string token = tokens.access(2);
  for (const char* value : {"17", "true", "null", "{}", "[]", "[\"at\"]", "{\"value\":\"at\"}", "\"\""}) {
    add(std::string("access_token is ") + value, object_with(value));
  }
  add("a NUL in the access token", object_with("\"" + token + "\\u0000x\""));
  add("a line break in the access token", object_with("\"" + token + "\\r\\nX-Evil: 1\""));
  add("a raw line break in the access token", object_with("\"" + token + "\r\nX-Evil: 1\""));
  add("invalid UTF-8 in the access token", object_with("\"" + token + "\xff\""));
  add("half a surrogate pair with a control character in the access token", object_with("\"\\u0007" + token + "\""));
  add("an access token of 900 KiB", object_with("\"" + std::string(900u << 10, 'a') + "\""));
  add("a reply cut in the access token", R"({"token_type":"Bearer","access_token":")" + token);
  add("a reply cut before its last brace", R"({"token_type":"Bearer","access_token":")" + token + "\"");
  add("two documents", object_with("\"" + token + "\"") + object_with("\"" + token + "\""));
  add("a token 2000 objects deep", nested(2000, R"({"access_token":)", "}"));
  add("an error beside the token", R"({"error":"invalid_grant","access_token":")" + token + "\"}");
  return out;
}

void require_kept(Trial& trial, const Hostile& hostile, std::size_t step) {
  trial.test.doing("AUTH-13: " + trial.login.name + ", " + hostile.what);
  trial.endpoint.behave();
  trial.endpoint.forget();
  trial.endpoint.answer(step, hostile.reply);
  const Refreshed got = trial.run();
  require_failure(trial, got, hostile.what);
  for (const NetworkRequest& request : trial.endpoint.seen()) {
    if (request.url.find("elsewhere.example") != std::string::npos)
      trial.test.fail("a redirect of the token endpoint is not followed", trial.login.name + ": a request went to the address in Location");
  }
}

/// RFC 8259 leaves open what two members of one name mean; made up of both it may not be, and half a rotation neither.
void ambiguous(Trial& trial) {
  const auto& tokens = trial.tokens;
  trial.endpoint.behave();
  trial.endpoint.answer(0, json_reply(200, R"({"access_token":")" + tokens.access(2) + R"(","access_token":")" + tokens.access(3) + R"(","expires_in":3600})"));
  Refreshed got = trial.run();
  const auto value = emitted(got, "secret");
  if (outcome_of(got) != BELAY_REFRESHED || (value != tokens.access(2) && value != tokens.access(3))) require_failure(trial, got, "a reply with two access tokens");

  for (const char* token : {"17", "{}", "[]", "\"\\u0000\""}) {
    trial.endpoint.answer(0, json_reply(200, R"({"access_token":")" + tokens.access(2) + R"(","refresh_token":)" + token + R"(,"expires_in":3600})"));
    got = trial.run();
    const auto next = emitted(got, "refresh_token");
    const bool kept = outcome_of(got) == BELAY_REFRESHED && (next.empty() || next == tokens.refresh(1));
    if (!kept) require_failure(trial, got, std::string("a refresh_token that is ") + token);
  }
  trial.endpoint.behave();
}

}  // namespace

void auth_13(Case& test) {
  each_login(test, [&](Trial& trial) {
    auto replies = senseless();
    if (trial.login.generic) {
      for (Hostile& hostile : bad_tokens(trial.tokens)) replies.push_back(std::move(hostile));
    }
    for (std::size_t step = 0; step < trial.endpoint.steps(); ++step) {
      for (const Hostile& hostile : replies) require_kept(trial, hostile, step);
    }
    if (trial.login.generic) ambiguous(trial);
    // All that did no harm: the credential is as good as before.
    trial.endpoint.behave();
    require_outcome(trial, trial.run(), BELAY_REFRESHED, "all the hostile replies, a good one");
  });
}

}  // namespace belay::conform
