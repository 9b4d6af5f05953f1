// How an easy handle is set up: once for its address, then per request what differs.
#include <algorithm>

#include "exchange.hpp"
#include "shard.hpp"

namespace belay::http {
namespace {

/// A read gives at most one piece of on_body (16 KiB). A stream comes in pieces of a few hundred bytes and is held for
/// minutes: 2 KiB saves 2 KB of each.
constexpr long whole_buffer = 16 << 10, stream_buffer = 2 << 10;

/// libcurl copies what it sends over TLS through a buffer of this size; the default is only worth its memory for large
/// bodies.
constexpr long small_upload = 16 << 10, large_upload = 64 << 10;

template <typename Value>
void set(const Easy& easy, CURLoption option, Value value) {
  curl_easy_setopt(easy.get(), option, value);
}

/// libcurl keeps the parsed CA bundle of a multi handle only when no CA folder is set as well: 1 ms instead of 33 for a
/// handshake.
void set_trust(const Easy& easy, const std::string& ca_file) {
  const curl_version_info_data* built = curl_version_info(CURLVERSION_NOW);
  if (!ca_file.empty()) set(easy, CURLOPT_CAINFO, ca_file.c_str());
  if (!ca_file.empty() || (built->cainfo && *built->cainfo))
    set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
}

}  // namespace

void Exchange::set_up(const Address& address, CURLSH* share) {
  set(easy_, CURLOPT_PRIVATE, static_cast<void*>(this));
  set(easy_, CURLOPT_ERRORBUFFER, curl_words_);
  set(easy_, CURLOPT_NOSIGNAL, 1L);
  // A cancelled transfer must not wait for a name lookup that hangs; libcurl then leaves its resolver thread to itself.
  set(easy_, CURLOPT_QUICK_EXIT, 1L);
  set(easy_, CURLOPT_SHARE, share);

  set(easy_, CURLOPT_CURLU, address.url.parsed.get());
  set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy_, CURLOPT_HTTP_VERSION,
      address.tls ? static_cast<long>(CURL_HTTP_VERSION_2TLS) : static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy_, CURLOPT_ACCEPT_ENCODING, "");  // decode what comes; headers.cpp says why we do not ask for it
  set(easy_, CURLOPT_TCP_NODELAY, 1L);
  set(easy_, CURLOPT_TCP_KEEPALIVE, 1L);  // a held stream finds out that its peer is gone
  set_trust(easy_, address.ca_file);

  // Always set, or libcurl looks into the environment; a proxy gets none of the request's headers.
  set(easy_, CURLOPT_PROXY, address.via.proxy.c_str());
  set(easy_, CURLOPT_NOPROXY, address.via.except.c_str());
  set(easy_, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  set(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);

  set(easy_, CURLOPT_HEADERFUNCTION, &EasyCallbacks::header);
  set(easy_, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy_, CURLOPT_WRITEFUNCTION, &EasyCallbacks::body);
  set(easy_, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(easy_, CURLOPT_PREREQFUNCTION, &EasyCallbacks::before_request);
  set(easy_, CURLOPT_PREREQDATA, static_cast<void*>(this));
  set(easy_, CURLOPT_OPENSOCKETFUNCTION, &EasyCallbacks::open_socket);
  set(easy_, CURLOPT_CLOSESOCKETFUNCTION, &EasyCallbacks::close_socket);
}

void Exchange::begin(std::shared_ptr<Address> address, const Request& request, std::shared_ptr<HeaderLines> lines,
                     Handler& handler, Shard& shard) {
  address_ = std::move(address);
  lines_ = std::move(lines);
  body_ = request.body;
  body_size_ = body_ ? body_->size() : 0;
  max_header_bytes_ = std::min(request.max_header_bytes, most_header_bytes);
  max_body_bytes_ = request.max_body_bytes;
  connect_timeout_ = request.connect_timeout;
  handler_ = &handler;
  shard_ = &shard;
  curl_words_[0] = '\0';

  if (opener_ != shard_) {
    opener_ = shard_;
    set(easy_, CURLOPT_OPENSOCKETDATA, static_cast<void*>(opener_));
    set(easy_, CURLOPT_CLOSESOCKETDATA, static_cast<void*>(opener_));
  }
  set_headers(request.traceparent);
  set_body(request.method);
  set_method(request.method);
  set_buffers();
  set_connect_timeout(connect_timeout_);
  head_.begin(max_header_bytes_);
}

/// libcurl only reads the list, so that the one that many requests share can follow what is this one's alone.
void Exchange::set_headers(std::string_view traceparent) {
  trace_line_.clear();
  if (traceparent.empty()) {
    set(easy_, CURLOPT_HTTPHEADER, lines_->list());
    return;
  }
  trace_line_.append("traceparent: ").append(traceparent);
  trace_node_ = {trace_line_.data(), lines_->list()};
  set(easy_, CURLOPT_HTTPHEADER, &trace_node_);
}

void Exchange::set_body(std::string_view method) {
  if (!body_ && method == "GET") {
    set(easy_, CURLOPT_HTTPGET, 1L);
  } else if (!body_ && method == "HEAD") {
    set(easy_, CURLOPT_NOBODY, 1L);
  } else {
    set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_size_));
    set(easy_, CURLOPT_POSTFIELDS, body_ ? body_->data() : "");
    set(easy_, CURLOPT_POST, 1L);  // also takes back NOBODY
  }
}

void Exchange::set_method(std::string_view method) {
  // POST and the two without a body are libcurl's own words for it.
  const bool own = method == "POST" || (!body_ && (method == "GET" || method == "HEAD"));
  const std::string_view wanted = own ? std::string_view() : method;
  if (method_ == wanted) return;
  method_ = wanted;
  set(easy_, CURLOPT_CUSTOMREQUEST, method_.empty() ? nullptr : method_.c_str());
}

void Exchange::set_buffers() {
  const long buffer = max_body_bytes_ == 0 ? stream_buffer : whole_buffer;
  if (buffer != buffer_size_) set(easy_, CURLOPT_BUFFERSIZE, buffer_size_ = buffer);
  const long upload = body_size_ > static_cast<std::size_t>(small_upload) ? large_upload : small_upload;
  if (upload != upload_size_) set(easy_, CURLOPT_UPLOAD_BUFFERSIZE, upload_size_ = upload);
}

void Exchange::set_connect_timeout(Millis left) {
  const long ms =
      static_cast<long>(std::clamp<Millis::rep>(left.count(), 1, 0x7fffffff));  // 0 would be libcurl's default
  if (ms != connect_timeout_ms_) set(easy_, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms_ = ms);
}

}  // namespace belay::http
