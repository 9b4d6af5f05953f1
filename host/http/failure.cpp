#include "failure.hpp"

#include "base/file.hpp"
#include "base/secret.hpp"
#include "base/utf8.hpp"

namespace belay::http {
namespace {

struct Meaning {
  CURLcode code;
  Failure failure;
  const char* words;
};

constexpr Meaning meanings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, Failure::resolve, "the host name cannot be resolved"},
    {CURLE_COULDNT_RESOLVE_PROXY, Failure::resolve, "the name of its proxy cannot be resolved"},
    {CURLE_COULDNT_CONNECT, Failure::connect, "cannot connect"},
    {CURLE_PROXY, Failure::connect, "the proxy did not connect"},
    {CURLE_INTERFACE_FAILED, Failure::connect, "cannot connect"},
    {CURLE_OPERATION_TIMEDOUT, Failure::connect_timeout, "no connection in time"},
    {CURLE_SSL_CONNECT_ERROR, Failure::tls, "the TLS handshake failed"},
    {CURLE_PEER_FAILED_VERIFICATION, Failure::tls, "the server's certificate is not trusted"},
    {CURLE_SSL_ISSUER_ERROR, Failure::tls, "the server's certificate is not trusted"},
    {CURLE_SSL_INVALIDCERTSTATUS, Failure::tls, "the server's certificate is not trusted"},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, Failure::tls, "the server's certificate is not trusted"},
    {CURLE_SSL_CACERT_BADFILE, Failure::tls, "the CA file cannot be used"},
    {CURLE_SSL_CRL_BADFILE, Failure::tls, "the CA file cannot be used"},
    {CURLE_SSL_CERTPROBLEM, Failure::tls, "TLS failed"},
    {CURLE_SSL_CIPHER, Failure::tls, "TLS failed"},
    {CURLE_SSL_ENGINE_NOTFOUND, Failure::tls, "TLS failed"},
    {CURLE_SSL_ENGINE_SETFAILED, Failure::tls, "TLS failed"},
    {CURLE_SSL_ENGINE_INITFAILED, Failure::tls, "TLS failed"},
    {CURLE_SSL_SHUTDOWN_FAILED, Failure::tls, "TLS failed"},
    {CURLE_USE_SSL_FAILED, Failure::tls, "TLS failed"},
    {CURLE_SSL_CLIENTCERT, Failure::tls, "the server wants a client certificate"},
    {CURLE_GOT_NOTHING, Failure::reset, "the connection was closed without a reply"},
    {CURLE_RECV_ERROR, Failure::reset, "the connection was reset"},
    {CURLE_SEND_ERROR, Failure::reset, "the connection was reset while sending"},
    {CURLE_SEND_FAIL_REWIND, Failure::reset, "the connection was reset while sending"},
    {CURLE_HTTP2, Failure::reset, "the HTTP/2 connection failed"},
    {CURLE_HTTP2_STREAM, Failure::reset, "the HTTP/2 stream was reset"},
    {CURLE_PARTIAL_FILE, Failure::cut_short, "the reply was cut short"},
    {CURLE_FILESIZE_EXCEEDED, Failure::too_large, "the reply is too large"},
    {CURLE_OUT_OF_MEMORY, Failure::too_large, "the reply has a header line over 100 KiB"},
    {CURLE_BAD_CONTENT_ENCODING, Failure::protocol, "the reply's content coding is broken or unknown"},
    {CURLE_WEIRD_SERVER_REPLY, Failure::protocol, "the reply is not valid HTTP"},
    {CURLE_UNSUPPORTED_PROTOCOL, Failure::protocol, "the reply is not valid HTTP"},
    {CURLE_URL_MALFORMAT, Failure::bad_request, "the URL cannot be used"},
    {CURLE_BAD_FUNCTION_ARGUMENT, Failure::bad_request, "the request cannot be sent"},
    {CURLE_UNKNOWN_OPTION, Failure::bad_request, "the request cannot be sent"},
};

Meaning meaning_of(CURLcode code, Progress progress, std::string_view detail) {
  // A proxy that refuses to tunnel shows as a receive error, a host that hangs up during the handshake as any of the
  // three.
  const bool broken = code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING;
  if (broken && !progress.connected) return {code, Failure::connect, "the connection was refused on the way"};
  // libcurl has one code for a connection that broke and for chunks that make no sense; only its words differ.
  if (code == CURLE_RECV_ERROR && detail.find("chunked-encoding") != std::string_view::npos)
    return {code, Failure::protocol, "the reply is not valid HTTP"};
  for (const Meaning& meaning : meanings)
    if (meaning.code == code) return meaning;
  return {code, Failure::protocol, "the exchange failed"};
}

}  // namespace

Done describe(CURLcode code, Progress progress, const std::string& place, std::string_view detail, int system) {
  const Meaning meaning = meaning_of(code, progress, detail);
  std::string message = place + ": " + meaning.words;
  if (meaning.failure == Failure::reset && code != CURLE_GOT_NOTHING)
    message += progress.head_seen ? " in the middle of the reply" : " before the reply";
  if (meaning.failure == Failure::connect && system != 0)
    message += " (" + errno_text(system) + ")";
  else if (!detail.empty())
    message += " (" + printable(detail) + ")";
  return {meaning.failure, scrub(message), progress.head_seen};
}

std::string_view to_string(Failure failure) {
  switch (failure) {
    case Failure::none:
      return "none";
    case Failure::resolve:
      return "resolve";
    case Failure::connect:
      return "connect";
    case Failure::tls:
      return "tls";
    case Failure::reset:
      return "reset";
    case Failure::connect_timeout:
      return "connect_timeout";
    case Failure::cut_short:
      return "cut_short";
    case Failure::too_large:
      return "too_large";
    case Failure::protocol:
      return "protocol";
    case Failure::redirect:
      return "redirect";
    case Failure::forbidden_origin:
      return "forbidden_origin";
    case Failure::bad_request:
      return "bad_request";
    case Failure::timed_out:
      return "timed_out";
    case Failure::cancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace belay::http
