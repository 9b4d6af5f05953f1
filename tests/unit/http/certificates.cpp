#include "certificates.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace belay::http::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;

void extend(X509* cert, X509* issuer, int which, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, which, value);
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

Cert make(const char* name, long serial, EVP_PKEY* key) {
  Cert cert(X509_new(), X509_free);
  X509_set_version(cert.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 86'400);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_pubkey(cert.get(), key);
  return cert;
}

void write(const std::string& path, const auto& put) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (!file) throw std::runtime_error("cannot write " + path);
  put(file);
  std::fclose(file);
}

}  // namespace

Certificates::Certificates() : server_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
  folder_ = testing::TempDir() + "belay-http-XXXXXX";
  if (!::mkdtemp(folder_.data())) throw std::runtime_error("cannot make " + folder_);

  const Key ca_key(EVP_EC_gen("P-256"), EVP_PKEY_free), key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const Cert ca = make("belay test CA", 1, ca_key.get());
  X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
  extend(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign");
  X509_sign(ca.get(), ca_key.get(), EVP_sha256());
  const Cert cert = make("localhost", 2, key.get());
  X509_set_issuer_name(cert.get(), X509_get_subject_name(ca.get()));
  extend(cert.get(), ca.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  X509_sign(cert.get(), ca_key.get(), EVP_sha256());

  write(ca_file(), [&](std::FILE* file) { PEM_write_X509(file, ca.get()); });
  write(certificate_file(), [&](std::FILE* file) { PEM_write_X509(file, cert.get()); });
  write(key_file(),
        [&](std::FILE* file) { PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  SSL_CTX_use_certificate(server_.get(), cert.get());
  SSL_CTX_use_PrivateKey(server_.get(), key.get());
}

Certificates::~Certificates() { std::filesystem::remove_all(folder_); }

}  // namespace belay::http::test
