// belay.refresh/1: the refresh of api_key, oauth2 and exec.
#include <algorithm>
#include <string>

#include "base/origin.hpp"
#include "credentials/refresh.hpp"
#include "exec_output.hpp"
#include "token_reply.hpp"

namespace belay::credentials {
namespace {

HookOutput not_applicable(std::string message) {
  return {.outcome = RefreshOutcome::not_applicable, .message = std::move(message)};
}

std::string_view value_of(const HookInput& input, std::string_view name) {
  const auto found =
      std::find_if(input.fields.begin(), input.fields.end(), [&](const Field& field) { return field.name == name; });
  return found == input.fields.end() ? std::string_view{} : found->value.reveal();
}

/// One member of an application/x-www-form-urlencoded body (WHATWG URL, 5.2).
void add_form_field(std::string& body, std::string_view name, std::string_view value) {
  static constexpr char digits[] = "0123456789ABCDEF";
  if (!body.empty()) body += '&';
  body += name;
  body += '=';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
        c == '_' || c == '*') {
      body += c;
    } else {
      body += '%';
      body += digits[byte >> 4];
      body += digits[byte & 15];
    }
  }
}

HttpRequest token_request(const HookInput& input) {
  HttpRequest request;
  request.url = value_of(input, "token_url");
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  add_form_field(request.body, "grant_type", "refresh_token");
  add_form_field(request.body, "refresh_token", value_of(input, "refresh_token"));
  for (const char* name : {"client_id", "client_secret", "scope"}) {
    if (const std::string_view value = value_of(input, name); !value.empty()) add_form_field(request.body, name, value);
  }
  return request;
}

HookOutput refresh_oauth2(const HookInput& input, const Http& http, const Clock& clock) {
  if (value_of(input, "refresh_token").empty())
    return not_applicable("there is no refresh_token to renew the access token with");
  if (auto origin = origin_of(value_of(input, "token_url")); !origin)
    return not_applicable("token_url: " + origin.error().message);
  if (input.before_request) {
    if (auto recorded = input.before_request(); !recorded) {
      return {.outcome = RefreshOutcome::failed_transient, .message = recorded.error().message};
    }
  }
  HttpRequest request = token_request(input);
  HookOutput output = read_token_reply(http(request, input.deadline, input.cancel), clock.unix_ms());
  wipe(request.body.data(), request.body.size());
  return output;
}

HookOutput reread_key(const HookInput& input) {
  auto value =
      input.read_source ? input.read_source("source") : Result<Secret>(fail("there is no source to read again"));
  if (!value) return not_applicable(value.error().message);
  if (value->reveal() == value_of(input, "secret")) return not_applicable("its source still gives the same key");
  HookOutput output{.outcome = RefreshOutcome::refreshed};
  output.fields.push_back({"secret", *value, true});
  return output;
}

HookOutput run_again(const HookInput& input) {
  auto text =
      input.read_source ? input.read_source("command") : Result<Secret>(fail("there is no command to run again"));
  if (!text) return {.outcome = RefreshOutcome::failed_transient, .message = text.error().message};
  auto credential = parse_exec_output(text->reveal());
  if (!credential) return {.outcome = RefreshOutcome::failed_transient, .message = credential.error().message};
  const auto same = [&](const Field& field) { return value_of(input, field.name) == field.value.reveal(); };
  HookOutput output;
  output.outcome = std::all_of(credential->fields.begin(), credential->fields.end(), same) ? RefreshOutcome::unchanged
                                                                                           : RefreshOutcome::refreshed;
  output.expires = credential->expires;
  if (output.outcome == RefreshOutcome::unchanged) {
    output.message = "the command still prints the same credential";
    return output;
  }
  // client-go's rule: connections carry the certificate they were opened with.
  output.connection_bound = std::any_of(credential->fields.begin(), credential->fields.end(), [&](const Field& field) {
    return field.name == "certificate" && !same(field);
  });
  output.fields = std::move(credential->fields);
  return output;
}

}  // namespace

HookOutput default_refresh(const HookInput& input, const Http& http, const Clock& clock) {
  if (input.type == "oauth2") return refresh_oauth2(input, http, clock);
  if (input.type == "api_key") return reread_key(input);
  if (input.type == "exec") return run_again(input);
  return not_applicable("belay knows no refresh for the credential type " + input.type);
}

}  // namespace belay::credentials
