#include "tls.hpp"

#include <openssl/err.h>

namespace belay::gateway {
namespace {

/// OpenSSL's own words for what just failed; they name no secret.
std::string why() {
  const auto code = ERR_get_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return text == nullptr ? "unknown reason" : text;
}

/// A key with a passphrase: nobody sits at a terminal to type it.
int no_passphrase(char*, int, int, void*) { return 0; }

/// Clients that offer nothing get HTTP/1.1; those that offer only something else learn it in the handshake.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered, unsigned size, void*) {
  static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, ours, sizeof ours, offered, size) != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

/// Forward secrecy and authenticated encryption only; buffers go while a connection is quiet; one read for a record instead of two.
bool configure(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets resume sessions, and need no memory
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 && SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
}

}  // namespace

Tls::~Tls() = default;

Result<std::shared_ptr<Tls>> Tls::load(const std::string& certificate, const std::string& key) {
  ERR_clear_error();
  auto tls = std::make_shared<Tls>();
  tls->impl = std::make_unique<Impl>();
  tls->impl->context.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* const context = tls->impl->context.get();
  if (context == nullptr || !configure(context)) return fail("cannot set up TLS: " + why());
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
    return fail("cannot use the certificate " + certificate + ": " + why() + " (it must be PEM, the server's own certificate first, then those that signed it)");
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return fail("cannot use the key " + key + ": " + why() + " (it must be PEM, without passphrase, and belong to the certificate)");
  if (SSL_CTX_check_private_key(context) != 1) return fail("the key " + key + " does not belong to the certificate " + certificate);
  return tls;
}

}  // namespace belay::gateway
