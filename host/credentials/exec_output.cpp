#include "exec_output.hpp"

#include <algorithm>
#include <string>

#include "base/json.hpp"
#include "expiry.hpp"

namespace belay::credentials {
namespace {

constexpr std::size_t longest_token = 16u << 10;

/// Takes the text member `from` as the field `to`. False when it is there but no usable text.
bool take(const json::Value& object, const char* from, const char* to, bool secret, ExecCredential& into) {
  const json::Value* member = json::find(object, from);
  if (member == nullptr || member->IsNull()) return true;
  if (!member->IsString() || member->GetStringLength() == 0) return false;
  into.fields.push_back({to, Secret(json::view(*member)), secret});
  return true;
}

Result<ExecCredential> kubernetes(const json::Value& document) {
  const auto version = json::string_at(document, "apiVersion");
  if (version != "client.authentication.k8s.io/v1" && version != "client.authentication.k8s.io/v1beta1") {
    return fail("the ExecCredential has another apiVersion than client.authentication.k8s.io/v1 or v1beta1");
  }
  const json::Value* status = json::find(document, "status");
  if (status == nullptr || !status->IsObject()) return fail("the ExecCredential has no status object");
  ExecCredential credential;
  if (!take(*status, "token", "secret", true, credential) ||
      !take(*status, "clientCertificateData", "certificate", false, credential) ||
      !take(*status, "clientKeyData", "key", true, credential)) {
    return fail("the status of the ExecCredential has a token, certificate or key that is no text");
  }
  const auto has = [&](const char* name) {
    return std::any_of(credential.fields.begin(), credential.fields.end(),
                       [&](const Field& field) { return field.name == name; });
  };
  if (has("certificate") != has("key")) return fail("the ExecCredential has a certificate or a key, but not both");
  if (!has("secret") && !has("key")) return fail("the ExecCredential has neither a token nor a certificate and key");
  if (const json::Value* moment = json::find(*status, "expirationTimestamp"); moment != nullptr && !moment->IsNull()) {
    credential.expires = read_moment(*moment);
    if (!credential.expires) return fail("the expirationTimestamp of the ExecCredential is no RFC 3339 time");
  }
  return credential;
}

Result<ExecCredential> aws(const json::Value& document) {
  if (json::int_at(document, "Version") != 1) return fail("the credential_process document has another Version than 1");
  ExecCredential credential;
  const bool sound = take(document, "AccessKeyId", "access_key_id", false, credential) &&
                     take(document, "SecretAccessKey", "secret_access_key", true, credential);
  if (!sound || credential.fields.size() != 2 || !take(document, "SessionToken", "session_token", true, credential)) {
    return fail("the credential_process document needs the texts AccessKeyId and SecretAccessKey");
  }
  if (const json::Value* moment = json::find(document, "Expiration"); moment != nullptr && !moment->IsNull()) {
    credential.expires = read_moment(*moment);
    if (!credential.expires) return fail("the Expiration of the credential_process document is no RFC 3339 time");
  }
  return credential;
}

}  // namespace

bool fits_header(std::string_view value) {
  return !value.empty() && value.size() <= longest_token &&
         std::none_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

Result<ExecCredential> parse_exec_output(std::string_view output) {
  while (!output.empty() && (output.back() == '\n' || output.back() == '\r')) output.remove_suffix(1);
  if (output.empty()) return fail("the command printed nothing");
  Result<ExecCredential> credential = fail("");
  if (output.front() == '{') {
    const auto document = json::parse(output, {.bytes = 256u << 10, .depth = 16});
    if (!document) return fail("the command printed broken JSON: " + document.error().message);
    if (json::string_at(*document, "kind") == "ExecCredential") {
      credential = kubernetes(*document);
    } else if (json::find(*document, "Version") != nullptr) {
      credential = aws(*document);
    } else {
      return fail(
          "the command printed JSON that is neither an ExecCredential (kind) nor a credential_process document "
          "(Version)");
    }
  } else {
    ExecCredential bare{{{"secret", Secret(output), true}}, jwt_lifetime(output).expires};
    credential = std::move(bare);
  }
  if (!credential) return credential;
  for (const Field& field : credential->fields) {
    const bool pem = field.name == "certificate" || field.name == "key";
    if (!pem && !fits_header(field.value.reveal()))
      return fail("the command printed a token of more than one line or with control characters");
  }
  return credential;
}

}  // namespace belay::credentials
