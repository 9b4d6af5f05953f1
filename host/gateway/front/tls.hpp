// The OpenSSL side of Tls.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "front/front.hpp"

namespace belay::gateway {

struct Tls::Impl {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{nullptr, SSL_CTX_free};
};

}  // namespace belay::gateway
