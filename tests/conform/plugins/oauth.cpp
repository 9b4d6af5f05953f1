// A provider with a refresh of its own, in C++ and without belay.refresh/1: oauth2 by RFC 6749 section 6, and a type of its own, `device`, whose refresh takes two
// requests. It proves that the refresh checks of belay-conform fit a plugin that is not the host's default.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "belay/cpp/error_body.hpp"
#include "belay/cpp/raw_reply.hpp"
#include "belay/ext/http.h"
#include "belay/plugin.hpp"

namespace sdk = belay::sdk;

namespace {

constexpr std::size_t most_reply = 64u << 10, most_token = 16u << 10;
constexpr std::int64_t longest_lifetime_ms = std::int64_t{10} * 365 * 86'400'000;

struct Reply {
  belay_status status = BELAY_OK;   ///< not OK: there is none, and `text` says why
  std::string text;
  int code = 0;
  std::int64_t retry_after_ms = -1;
  std::string body;
};

/// One request through belay.http/1.
class Post {
 public:
  Post(const sdk::Refresh& in, std::string_view url, std::string_view form, std::string_view bearer) {
    const auto* http = sdk::service<belay_http>(BELAY_HTTP_ID);
    if (http == nullptr) {
      reply.status = BELAY_ERR_UNSUPPORTED;
      reply.text = "this host has no " BELAY_HTTP_ID;
      return;
    }
    const std::string authorization = "Bearer " + std::string(bearer);
    std::array<belay_field, 2> headers{{{sdk::str("content-type"), sdk::str("application/x-www-form-urlencoded"), 0, 0},
                                        {sdk::str("authorization"), sdk::str(authorization), BELAY_SECRET, 0}}};
    const belay_fields fields{headers.data(), bearer.empty() ? 1u : 2u, sizeof(belay_field)};
    const belay_http_request request{sizeof request, BELAY_SECRET, sdk::str("POST"), sdk::str(url), fields, sdk::bytes(form)};
    const belay_http_reply to{sizeof to, 0, this, head, body};
    std::array<char, 256> room{};
    belay_error error{sizeof error, 0, {room.data(), room.size(), 0}};
    reply.status = http->perform(in.ctx(), &request, &to, &error);
    if (reply.status != BELAY_OK) reply.text.assign(room.data(), error.text.len);
  }

  Reply reply;

 private:
  static belay_status head(void* plugin, std::int32_t status, belay_fields headers) {
    auto& reply = static_cast<Post*>(plugin)->reply;
    reply.code = status;
    const auto wait = sdk::Fields(headers).value("retry-after");
    std::int64_t seconds = 0;
    for (const char c : wait) seconds = c >= '0' && c <= '9' && seconds < 100'000 ? seconds * 10 + (c - '0') : 100'000;
    if (!wait.empty() && seconds < 100'000) reply.retry_after_ms = seconds * 1000;
    return BELAY_OK;
  }
  static belay_status body(void* plugin, belay_bytes piece) {
    auto& reply = static_cast<Post*>(plugin)->reply;
    if (reply.body.size() + piece.len > most_reply) {
      reply.code = 0;   // nothing that answers with so much is a token endpoint
      return BELAY_STOP;
    }
    reply.body += sdk::view(piece);
    return BELAY_OK;
  }
};

void add_to_form(std::string& form, std::string_view name, std::string_view value) {
  static constexpr char digits[] = "0123456789ABCDEF";
  if (value.empty()) return;
  if (!form.empty()) form += '&';
  form.append(name).append(1, '=');
  for (const char c : value) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_') {
      form += c;
    } else {
      form += {'%', digits[static_cast<unsigned char>(c) >> 4], digits[static_cast<unsigned char>(c) & 15]};
    }
  }
}

/// Fit to be part of a header: visible ASCII, as RFC 6749 appendix A says of tokens.
bool is_token(std::string_view text) {
  if (text.empty() || text.size() > most_token) return false;
  for (const char c : text) {
    if (c < 0x21 || c > 0x7E) return false;
  }
  return true;
}

sdk::Refreshed failed(std::uint32_t outcome, std::string text) {
  sdk::Refreshed out;
  out.outcome = outcome;
  out.text = std::move(text);
  return out;
}

/// What a reply that is no success comes to; nullopt: it is one. What the server wrote is not quoted: there may be tokens in it.
std::optional<sdk::Refreshed> trouble(const Reply& reply, const sdk::Json& json) {
  if (reply.status == BELAY_ERR_CANCELLED) return failed(BELAY_REFRESH_CANCELLED, reply.text);
  if (reply.status != BELAY_OK) return failed(BELAY_FAILED_TRANSIENT, reply.text);
  const auto error = json["/error"];
  const bool refusal = error.type() == BELAY_JSON_STRING && (reply.code == 200 || (reply.code >= 400 && reply.code < 500 && reply.code != 429));
  if (refusal) {
    const auto code = error.text();
    if (code == "interaction_required" || code == "login_required" || code == "consent_required")
      return failed(BELAY_NEEDS_INTERACTION, "the login server wants a person; log in again");
    return failed(BELAY_FAILED_PERMANENT, "the login server refused this login; log in again");
  }
  if (reply.code == 200 && !error) return std::nullopt;
  auto out = failed(BELAY_FAILED_TRANSIENT, "the login server answered " + std::to_string(reply.code) + " and no token");
  out.retry_after_ms = reply.retry_after_ms;
  return out;
}

sdk::Refreshed renewed(sdk::FieldSink& sink, std::string_view access, const sdk::Json::Value& next, std::int64_t lifetime_ms) {
  const bool rotated = next.type() == BELAY_JSON_STRING;
  const bool strange = next && next.type() != BELAY_JSON_NULL && !rotated;
  if (!is_token(access) || strange || (rotated && !is_token(next.text()))) return failed(BELAY_FAILED_TRANSIENT, "the login server gave no usable token");
  if (!sink.emit_secret("secret", access) || (rotated && !sink.emit_secret("refresh_token", next.text())))
    return failed(BELAY_FAILED_TRANSIENT, "the host did not take the new token");
  sdk::Refreshed out;
  out.outcome = BELAY_REFRESHED;
  if (lifetime_ms > 0) out.expires_unix_ms = sdk::host()->unix_ms() + std::min(lifetime_ms, longest_lifetime_ms);
  return out;
}

std::int64_t ms_of(const sdk::Json::Value& seconds) {
  return seconds.type() == BELAY_JSON_NUMBER && seconds.integer() < longest_lifetime_ms / 1000 ? seconds.integer() * 1000 : 0;
}

sdk::Refreshed refresh_oauth2(const sdk::Refresh& in, sdk::FieldSink& sink) {
  std::string form;
  add_to_form(form, "grant_type", "refresh_token");
  for (const char* name : {"refresh_token", "client_id", "client_secret", "scope"}) add_to_form(form, name, in.fields().value(name));
  const Post post(in, in.fields().value("token_url"), form, {});
  const sdk::Json json(post.reply.body);
  if (auto out = trouble(post.reply, json)) return *out;
  return renewed(sink, json["/access_token"].type() == BELAY_JSON_STRING ? json["/access_token"].text() : std::string_view(), json["/refresh_token"], ms_of(json["/expires_in"]));
}

/// First a code for the refresh token, then a token for the code.
sdk::Refreshed refresh_device(const sdk::Refresh& in, sdk::FieldSink& sink) {
  const Post grant(in, in.fields().value("grant_url"), {}, in.fields().value("refresh_token"));
  const sdk::Json granted(grant.reply.body);
  if (auto out = trouble(grant.reply, granted)) return *out;
  const auto code = granted["/code"];
  if (code.type() != BELAY_JSON_STRING || !is_token(code.text())) return failed(BELAY_FAILED_TRANSIENT, "the login server gave no usable code");
  std::string form;
  add_to_form(form, "code", code.text());
  const Post post(in, in.fields().value("token_url"), form, {});
  const sdk::Json json(post.reply.body);
  if (auto out = trouble(post.reply, json)) return *out;
  return renewed(sink, json["/token"].type() == BELAY_JSON_STRING ? json["/token"].text() : std::string_view(), json["/next"], ms_of(json["/seconds"]));
}

}  // namespace

class OAuth {
 public:
  static constexpr sdk::About about = {.type = "oauth",
                                       .name = "OAuth by itself",
                                       .vendor = "belay",
                                       .version = BELAY_MODULE_VERSION,
                                       .license = "0BSD",
                                       .caps = BELAY_CAP_STREAM | BELAY_CAP_TOOLS,
                                       .operations = {"chat"},
                                       .wires = {"openai.chat/1"},
                                       .credential_types = {"api_key", "oauth2", "device"}};

  explicit OAuth(const sdk::Config& config) : url_(std::string(config.base_url()) + "/chat/completions") {
    if (config.base_url().empty()) throw sdk::Error(BELAY_ERR_CONFIG, "base_url is missing; right would be \"https://api.oauth.example/v1\"");
  }

  class Exchange {
   public:
    Exchange(const OAuth& provider, sdk::Request request, sdk::Credential credential)
        : provider_(provider), credential_(credential), reply_(request.stream()) {
      if (request.operation() != "chat" || request.wire() != "openai.chat/1") throw sdk::Error(BELAY_ERR_UNSUPPORTED, "this provider takes chat in openai.chat/1 only");
      if (!credential_) throw sdk::Error(BELAY_ERR_CREDENTIAL, "this provider needs a credential with a field \"secret\"");
    }

    sdk::Status build_request(sdk::Writer& writer) {
      writer.line("POST", provider_.url_).header("content-type", "application/json");
      writer.secret_header("authorization", "Bearer " + std::string(credential_.secret()));
      return writer.body_as_given().status();
    }
    sdk::Status on_response_head(sdk::Head head, sdk::Sink&) { return reply_.head(head); }
    sdk::Status on_body_chunk(std::string_view piece, sdk::Sink& sink) { return reply_.chunk(piece, sink); }
    sdk::Status finish(sdk::Finish how, sdk::Sink& sink) { return reply_.finish(how, sink); }

   private:
    const OAuth& provider_;
    sdk::Credential credential_;
    sdk::RawReply reply_;
  };

  sdk::Classification classify_error(const sdk::Failure& failure) const { return sdk::classify_by_words(failure); }

  sdk::Refreshed refresh_credentials(const sdk::Refresh& in, sdk::FieldSink& sink) {
    const bool oauth2 = in.type() == "oauth2", device = in.type() == "device";
    if (!oauth2 && !device) return failed(BELAY_NOT_APPLICABLE, "a key can't be refreshed");
    if (in.cancel().asked()) return failed(BELAY_REFRESH_CANCELLED, "cancelled");
    if (in.fields().value("refresh_token").empty()) return failed(BELAY_NEEDS_INTERACTION, "there is no login yet; log in");
    return oauth2 ? refresh_oauth2(in, sink) : refresh_device(in, sink);
  }

 private:
  std::string url_;
};

BELAY_PROVIDER(OAuth)
