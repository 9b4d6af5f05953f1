#include "token_reply.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "exec_output.hpp"
#include "expiry.hpp"

namespace belay::credentials {
namespace {

constexpr json::Limits limits{.bytes = 256u << 10, .depth = 32};
constexpr double longest_lifetime = 10.0 * 365 * 86400;

HookOutput transient(std::string message) {
  return {.outcome = RefreshOutcome::failed_transient, .message = std::move(message)};
}

std::string status_text(const HttpReply& reply) {
  return "the token endpoint answered " + std::to_string(reply.status);
}

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The error code: RFC 6749's text, or the code or type in an error object as some providers write it. Empty: this is
/// no OAuth error.
std::string_view error_code(const json::Value& document) {
  const json::Value* error = json::find(document, "error");
  if (error == nullptr) return {};
  if (error->IsString()) return json::view(*error);
  const auto code = json::string_at(*error, "code");
  return code ? *code : json::string_at(*error, "type").value_or("");
}

std::string error_text(const json::Value& document, std::string_view code) {
  std::string_view words = json::string_at(document, "error_description").value_or("");
  if (const json::Value* error = json::find(document, "error"); words.empty() && error != nullptr) {
    words = json::string_at(*error, "message").value_or("");
  }
  std::string text(cut_utf8(code, 64));
  if (!words.empty()) text += ": " + std::string(cut_utf8(words, 400));
  return printable(text);
}

HookOutput oauth_error(const json::Value& document, std::string_view code) {
  static constexpr std::array<std::string_view, 4> interactive{"interaction_required", "login_required",
                                                               "consent_required", "account_selection_required"};
  static constexpr std::array<std::string_view, 5> passing{"temporarily_unavailable", "server_error", "slow_down",
                                                           "authorization_pending", "rate_limit_exceeded"};
  HookOutput output;
  output.outcome = one_of(code, interactive) ? RefreshOutcome::needs_interaction
                   : one_of(code, passing)   ? RefreshOutcome::failed_transient
                                             : RefreshOutcome::failed_permanent;
  output.message = error_text(document, code);
  return output;
}

/// expires_in in seconds: a number, or the text of one. Zero, negative or senseless ones count as not told.
std::optional<double> lifetime_of(const json::Value& document) {
  const json::Value* member = json::find(document, "expires_in");
  if (member == nullptr) return std::nullopt;
  double seconds = 0;
  if (member->IsNumber()) {
    seconds = member->GetDouble();
  } else if (member->IsString()) {
    char* end = nullptr;
    seconds = std::strtod(member->GetString(), &end);
    if (end == member->GetString() || *end != '\0') return std::nullopt;
  }
  if (!std::isfinite(seconds) || seconds <= 0) return std::nullopt;
  return std::min(seconds, longest_lifetime);
}

HookOutput tokens(const json::Value& document, UnixMs now) {
  const json::Value* access = json::find(document, "access_token");
  if (access == nullptr || !access->IsString() || !fits_header(json::view(*access))) {
    return transient("the token endpoint answered 200 without a usable access_token");
  }
  HookOutput output;
  output.outcome = RefreshOutcome::refreshed;
  output.fields.push_back({"secret", Secret(json::view(*access)), true});
  if (const json::Value* next = json::find(document, "refresh_token"); next != nullptr && !next->IsNull()) {
    if (!next->IsString() || !fits_header(json::view(*next))) {
      return transient("the token endpoint answered 200 with a refresh_token that is no usable text");
    }
    output.fields.push_back({"refresh_token", Secret(json::view(*next)), true});
  }
  if (const auto seconds = lifetime_of(document)) {
    output.expires = now + static_cast<UnixMs>(*seconds * 1000);
  } else {
    output.expires = jwt_lifetime(json::view(*access)).expires;
  }
  return output;
}

HookOutput read_body(const HttpReply& reply, UnixMs now) {
  if (reply.status == 0)
    return transient(reply.error.empty() ? "no reply from the token endpoint" : "token endpoint: " + reply.error);
  if (reply.status >= 300 && reply.status < 400) {
    return transient(status_text(reply) + ", a redirect; credentials are not sent elsewhere, correct token_url");
  }
  if (reply.status >= 500 || reply.status == 429 || reply.status == 408) return transient(status_text(reply));
  const auto document = json::parse(reply.body, limits);
  if (!document || !document->IsObject()) return transient(status_text(reply) + " with a body that is no JSON object");
  if (const std::string_view code = error_code(*document); !code.empty()) return oauth_error(*document, code);
  if (reply.status != 200) return transient(status_text(reply) + " without an OAuth error code");
  return tokens(*document, now);
}

}  // namespace

std::optional<Millis> retry_after(const HttpReply& reply, UnixMs now) {
  for (const auto& [name, value] : reply.headers) {
    static constexpr std::string_view wanted = "retry-after";
    const bool same = name.size() == wanted.size() &&
                      std::equal(name.begin(), name.end(), wanted.begin(),
                                 [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
    if (!same) continue;
    char* end = nullptr;
    const double seconds = std::strtod(value.c_str(), &end);
    if (end != value.c_str() && *end == '\0' && seconds >= 0 && seconds < longest_lifetime) {
      return Millis(static_cast<std::int64_t>(seconds * 1000));
    }
    if (const auto date = parse_http_date(value); date && *date * 1000 > now) return Millis(*date * 1000 - now);
  }
  return std::nullopt;
}

HookOutput read_token_reply(const HttpReply& reply, UnixMs now) {
  HookOutput output = read_body(reply, now);
  if (output.outcome == RefreshOutcome::failed_transient) output.retry_after = retry_after(reply, now);
  return output;
}

}  // namespace belay::credentials
