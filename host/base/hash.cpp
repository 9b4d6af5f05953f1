#include "base/hash.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>

namespace belay {
namespace {

/// A library without SHA-256 can't be worked with, and a digest of zeros would make all secrets one.
void must(bool done) {
  if (!done) std::abort();
}

/// Looked up once: EVP_sha256() makes OpenSSL 3 search its providers at every use (ossl-guide-libcrypto-introduction, "Performance").
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = [] {
    const EVP_MD* found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    must(found != nullptr);
    return found;
  }();
  return method;
}

}  // namespace

Digest sha256(std::string_view data) {
  // One context a thread: making one costs as much as the digest of a short text.
  static thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  Digest digest{};
  must(context && EVP_DigestInit_ex(context.get(), sha256_method(), nullptr) == 1 && EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1 &&
       EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1);
  return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view data) {
  Digest digest{};
  unsigned size = 0;
  must(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(data.data()),
            data.size(), digest.data(), &size) != nullptr);
  return digest;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string to_hex(const Digest& digest) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 == 0) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<std::uint32_t>(c - 'a') + 26;
    else if (c >= '0' && c <= '9')
      value = static_cast<std::uint32_t>(c - '0') + 52;
    else if (c == '+' || c == '-')
      value = 62;
    else if (c == '/' || c == '_')
      value = 63;
    else
      return std::nullopt;
    bits = bits << 6 | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 0xff);
    }
  }
  return out;
}

std::string random_bytes(std::size_t size) {
  std::string out(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = getrandom(out.data() + done, size - done, 0);
    if (got < 0 && errno != EINTR)
      std::abort();  // no kernel that runs this lacks it; a guessable value would be worse than an end
    if (got > 0) done += static_cast<std::size_t>(got);
  }
  return out;
}

std::string make_ulid(std::int64_t unix_ms) {
  static constexpr char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  constexpr std::size_t size = 10, batch = 64;   // one system call for that many
  static thread_local std::string pool;
  if (pool.empty()) pool = random_bytes(size * batch);
  const std::string entropy = pool.substr(pool.size() - size);
  pool.resize(pool.size() - size);
  std::string out(26, '0');
  auto moment = static_cast<std::uint64_t>(unix_ms);
  for (int i = 9; i >= 0; --i, moment >>= 5) out[static_cast<std::size_t>(i)] = alphabet[moment & 31];
  std::uint32_t bits = 0;
  int held = 0;
  std::size_t at = 10;
  for (const char c : entropy) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffffff;
    for (held += 8; held >= 5; held -= 5) out[at++] = alphabet[bits >> (held - 5) & 31];
  }
  return out;
}

}  // namespace belay
