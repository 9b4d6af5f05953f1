#include "direct/reply_parser.hpp"

#include <strings.h>

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <optional>

namespace belay::http {
namespace {

namespace beast = boost::beast;
using Beast = beast::http::basic_parser<false>;

/// libcurl's limit, so that both ways have the same.
constexpr std::size_t most_line = 100u << 10;
/// Of a chunk's size line with its extensions. Nobody sends these.
constexpr std::size_t most_chunk_line = 16u << 10;
/// Beast's own limit has no say: ours is smaller and counts to the byte.
constexpr std::uint32_t beast_limit = 1u << 30;
constexpr std::size_t usual_fields = 12;
/// "0", two line ends: no chunked body is over with less. Beast asserts that it gets that much when it comes back to
/// the last chunk, though a peer may send it byte by byte.
constexpr std::size_t least_last_chunk = 5;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// Fills a Head; strings that are there from the last reply are written over, so that nothing is allocated.
class Fields {
 public:
  void begin(Head& head) {
    head_ = &head;
    head.status = 0;
    head.headers.reserve(usual_fields);
    count_ = 0;
  }
  void add(std::string_view name, std::string_view value) {
    auto& headers = head_->headers;
    if (count_ == headers.size()) headers.emplace_back();
    auto& [key, content] = headers[count_++];
    key.resize(name.size());
    std::transform(name.begin(), name.end(), key.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    content.assign(value);
  }
  void set_status(int status) { head_->status = status; }
  void end() { head_->headers.resize(count_); }

 private:
  Head* head_ = nullptr;
  std::size_t count_ = 0;
};

/// The pieces of a body, moved together where chunk sizes lay between them: one call to the handler instead of many.
class Piece {
 public:
  void begin(char* at) { begin_ = end_ = at; }
  void add(std::string_view bytes) {
    if (bytes.data() != end_) std::memmove(end_, bytes.data(), bytes.size());
    end_ += bytes.size();
  }
  [[nodiscard]] std::string_view view() const { return {begin_, static_cast<std::size_t>(end_ - begin_)}; }

 private:
  char* begin_ = nullptr;
  char* end_ = nullptr;
};

class Message final : public Beast {
 public:
  Message(ReplyParser::Body body, Fields& fields, Piece& piece) : fields_(fields), piece_(piece) {
    header_limit(beast_limit);
    body_limit(boost::none);
    skip(body == ReplyParser::Body::none);
  }

  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] int version() const { return version_; }
  [[nodiscard]] std::optional<std::uint64_t> body_left() const { return body_left_; }
  /// A chunk's size comes next.
  [[nodiscard]] bool between_chunks() const { return chunked() && in_chunk_ == 0; }
  /// Behind the line of the last chunk; null before it.
  [[nodiscard]] const char* trailers() const { return trailers_; }

 private:
  using Code = beast::error_code;

  void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int, Code&) override {}
  void on_response_impl(int code, beast::string_view, int version, Code&) override {
    status_ = code;
    version_ = version;
    fields_.set_status(code);
  }
  void on_field_impl(beast::http::field name, beast::string_view text, beast::string_view value, Code& error) override {
    if (in_body_) return;  // a trailer
    // Beast takes any list that ends in "chunked"; a coding before it would reach the caller undecoded.
    if (name == beast::http::field::transfer_encoding && !same_word(view(value), "chunked") &&
        !same_word(view(value), "identity"))
      error = beast::http::error::bad_transfer_encoding;
    fields_.add(view(text), view(value));
  }
  void on_header_impl(Code&) override { in_body_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Code&) override {
    if (length) body_left_ = *length;
  }
  std::size_t on_body_impl(beast::string_view bytes, Code&) override {
    piece_.add(view(bytes));
    if (body_left_) *body_left_ -= bytes.size();
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t size, beast::string_view extensions, Code&) override {
    in_chunk_ = size;
    if (size == 0) trailers_ = extensions.data() + extensions.size() + 2;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, Code&) override {
    piece_.add(view(bytes));
    in_chunk_ -= bytes.size();
    return bytes.size();
  }
  void on_finish_impl(Code&) override {}

  Fields& fields_;
  Piece& piece_;
  const char* trailers_ = nullptr;
  std::uint64_t in_chunk_ = 0;              // bytes to come
  std::optional<std::uint64_t> body_left_;  // once it has begun, where its head told its length
  int status_ = 0, version_ = 0;
  bool in_body_ = false;
};

bool may_be_http(std::string_view bytes) {
  constexpr std::string_view start = "HTTP/1.";
  return bytes.substr(0, start.size()) == start.substr(0, bytes.size());
}

bool may_be_part_of_last_chunk(std::string_view bytes) {
  return bytes.size() < least_last_chunk && bytes.substr(bytes.starts_with("\r\n") ? 2 : 0).starts_with('0');
}

/// The head without its Content-Length lines.
std::string without_lengths(std::string_view head) {
  std::string out;
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find('\n') + 1);
    if (!same_word(line.substr(0, line.find(':')), "content-length")) out += line;
    head.remove_prefix(line.size());
  }
  return out;
}

}  // namespace

struct ReplyParser::Reader {
  Fields fields;
  Piece piece;
  std::optional<Message> message;  // Beast's parser reads one message and is not used again
  beast::error_code error;
};

ReplyParser::ReplyParser() : reader_(std::make_unique<Reader>()) {}
ReplyParser::~ReplyParser() = default;

void ReplyParser::begin(Body body, std::size_t header_limit) {
  expected_ = body;
  limit_ = left_ = header_limit;
  line_at_ = 0;
  must_close_ = false;
  reader_->message.reset();
}

ReplyParser::TakenHead ReplyParser::invalid(std::string why) {
  why_ = std::move(why);
  return {Step::invalid, 0};
}

ReplyParser::Step ReplyParser::too_large(bool in_sum) {
  why_ = in_sum ? "the reply has more than " + std::to_string(limit_) + " bytes of headers"
                : "the reply has a header line over " + std::to_string(most_line >> 10) + " KiB";
  return Step::too_large;
}

/// The end of the head is looked for first, and Beast is given it whole: a byte is looked at once however the head
/// arrives, and there is something to read again when its framing contradicts itself.
ReplyParser::TakenHead ReplyParser::head(std::string_view bytes, Head& head) {
  std::size_t used = 0;
  for (;;) {
    if (!may_be_http(bytes)) return invalid("no status line of HTTP/1");
    const auto* line_end =
        static_cast<const char*>(std::memchr(bytes.data() + line_at_, '\n', bytes.size() - line_at_));
    const std::size_t next = line_end != nullptr ? static_cast<std::size_t>(line_end - bytes.data()) + 1 : bytes.size();
    if (next > left_ || next - line_at_ > most_line) return {too_large(next > left_), used};
    if (line_end == nullptr) return {Step::more, used};
    const std::string_view line = bytes.substr(line_at_, next - line_at_);
    line_at_ = next;
    if (line != "\r\n" && line != "\n") continue;

    left_ -= next;
    line_at_ = 0;
    used += next;
    if (!parse(bytes.substr(0, next), head)) return {Step::invalid, used};
    bytes.remove_prefix(next);
    if (head.status >= 200) return {Step::done, used};
    if (head.status == 101) return invalid("it switches to a protocol that was not asked for");
    if (head.status < 100) return invalid("a status below 100");
  }
}

bool ReplyParser::parse(std::string_view text, Head& head) {
  Reader& reader = *reader_;
  reader.fields.begin(head);
  reader.message.emplace(expected_, reader.fields, reader.piece);
  reader.message->put(boost::asio::const_buffer(text.data(), text.size()), reader.error);
  using Error = beast::http::error;
  if (reader.error == Error::bad_transfer_encoding || reader.error == Error::bad_content_length)
    return parse_without_lengths(text, head);
  if (reader.error || !reader.message->is_header_done()) {
    why_ = reader.error && reader.error != Error::need_more ? reader.error.message() : "bad line ending";
    return false;
  }
  reader.fields.end();
  // RFC 9112 6.1: chunks in HTTP/1.0 may have passed somebody who did not know them.
  must_close_ = must_close_ || (reader.message->chunked() && reader.message->version() < 11);
  return true;
}

/// Content-Length beside Transfer-Encoding: RFC 9112 6.3 lets the chunks count, but whoever sent both is not believed
/// about where the next reply begins.
bool ReplyParser::parse_without_lengths(std::string_view text, Head& head) {
  Reader& reader = *reader_;
  why_ = reader.error.message();
  const std::string rest = without_lengths(text);
  if (rest.size() == text.size()) return false;
  reader.fields.begin(head);
  reader.message.emplace(expected_, reader.fields, reader.piece);
  reader.message->put(boost::asio::const_buffer(rest.data(), rest.size()), reader.error);
  if (reader.error || !reader.message->is_header_done() || !reader.message->chunked()) return false;
  reader.fields.end();
  return must_close_ = true;
}

ReplyParser::TakenBody ReplyParser::body(std::span<char> bytes) {
  Reader& reader = *reader_;
  Message& message = *reader.message;
  if (message.between_chunks() && may_be_part_of_last_chunk({bytes.data(), bytes.size()})) return {Step::more, 0, {}};
  reader.piece.begin(bytes.data());
  message.eager(true);
  const std::size_t used = message.put(boost::asio::const_buffer(bytes.data(), bytes.size()), reader.error);
  const std::size_t rest = bytes.size() - used;
  TakenBody taken{Step::more, used, reader.piece.view()};
  if (reader.error && reader.error != beast::http::error::need_more) {
    why_ = reader.error.message();
    taken.step = Step::invalid;
  } else if (message.is_done()) {
    const bool fits =
        message.trailers() == nullptr || static_cast<std::size_t>(bytes.data() + used - message.trailers()) <= left_;
    taken.step = fits ? Step::done : too_large(true);
  } else if (rest > left_ + most_chunk_line) {
    taken.step = too_large(true);
  }
  return taken;
}

bool ReplyParser::whole() const { return reader_->message && reader_->message->is_done(); }

bool ReplyParser::may_end_here() {
  reader_->message->put_eof(reader_->error);
  return !reader_->error;
}

bool ReplyParser::keeps_alive() const { return !must_close_ && whole() && reader_->message->keep_alive(); }

std::string ReplyParser::missing() const {
  const auto left = reader_->message->body_left();
  if (left) return "it ended " + std::to_string(*left) + " bytes early";
  return reader_->message->chunked() ? "it ended inside a chunked body" : "it ended before its body began";
}

}  // namespace belay::http
