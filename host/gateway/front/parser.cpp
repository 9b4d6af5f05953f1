#include "parser.hpp"

// Beast 1.81 asserts that a last chunk which waits for its trailers has at least five bytes. "0", CR, LF, with no chunk before it, has three, and is handled well.
#define BOOST_DISABLE_ASSERTS
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <functional>
#include <limits>

namespace belay::gateway {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using Code = beast::error_code;

constexpr std::size_t max_fields = 256;
constexpr std::uint32_t no_limit = std::numeric_limits<std::uint32_t>::max();  // heads are bounded before they come here

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

constexpr Refusal bad(std::string_view message) { return {400, "bad_request", message}; }

/// Callbacks that both users of the parser leave empty.
class Quiet : public http::basic_parser<true> {
 protected:
  void on_request_impl(http::verb, beast::string_view, beast::string_view, int, Code&) override {}
  void on_response_impl(int, beast::string_view, int, Code&) override {}
  void on_field_impl(http::field, beast::string_view, beast::string_view, Code&) override {}
  void on_header_impl(Code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, Code&) override {}
  std::size_t on_body_impl(beast::string_view body, Code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, Code&) override { return body.size(); }
  void on_finish_impl(Code&) override {}
};

class HeadParser final : public Quiet {
 public:
  HeadParser(char* bytes, RawHead& head, std::vector<Field>& fields) : bytes_(bytes), head_(head), fields_(fields) {
    header_limit(no_limit);
    body_limit(boost::none);
    skip(true);
  }
  [[nodiscard]] bool too_many() const { return fields_.size() > max_fields; }

 private:
  void on_request_impl(http::verb, beast::string_view method, beast::string_view target, int version, Code&) override {
    head_.method = view(method);
    head_.target = view(target);
    head_.minor = version - 10;
  }

  void on_field_impl(http::field field, beast::string_view name, beast::string_view value, Code& code) override {
    char* const at = bytes_ + (name.data() - bytes_);
    for (std::size_t i = 0; i < name.size(); ++i) {
      if (at[i] >= 'A' && at[i] <= 'Z') at[i] = static_cast<char>(at[i] | 0x20);
    }
    fields_.push_back({{at, name.size()}, view(value)});
    if (too_many()) code = http::error::header_limit;
    switch (field) {
      case http::field::host: return note(head_.host, value);
      case http::field::content_length: return note(head_.content_length, value);
      case http::field::transfer_encoding: return note(head_.transfer_encoding, value);
      case http::field::expect: return note(head_.expect, value);
      case http::field::origin: return note(head_.origin, value);
      default: return;
    }
  }

  static void note(RawHead::Counted& counted, beast::string_view value) {
    counted.value = view(value);
    ++counted.count;
  }

  char* bytes_;
  RawHead& head_;
  std::vector<Field>& fields_;
};

/// "GET / HTTP/2.0" speaks a version that we don't; "GET / HTTX" speaks nothing.
Refusal wrong_version(std::string_view line) {
  line = line.substr(0, line.find("\r\n"));
  const auto version = line.substr(line.rfind(' ') + 1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool ours = version == "HTTP/1.1" || version == "HTTP/1.0";
  if (!ours && version.size() == 8 && version.starts_with("HTTP/") && digit(version[5]) && version[6] == '.' && digit(version[7]))
    return {505, "bad_request", "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  return bad("the request line must be: method, one space, target, one space, HTTP/1.1");
}

Refusal refusal_of(const Code& code, std::string_view head, bool too_many) {
  if (too_many) return {431, "request_too_large", "the request has more than 256 header fields"};
  if (!(code.category() == http::make_error_code(http::error::bad_method).category())) return bad("the request can't be read");
  switch (static_cast<http::error>(code.value())) {
    case http::error::bad_version: return wrong_version(head);
    case http::error::bad_method: return bad("the method must be letters and followed by one space");
    case http::error::bad_target: return bad("the request target must be visible ASCII (percent-encode the rest), followed by one space and HTTP/1.1");
    case http::error::bad_field: return bad("a header field's name has a character that names can't have, or a space before its colon");
    case http::error::bad_value: return bad("a header field has a control character in its value, or is no proper list");
    case http::error::bad_line_ending: return bad("every line of a request's head must end with CR LF, and CR may stand nowhere else");
    case http::error::bad_content_length: return bad("Content-Length must be one decimal number, and without a Transfer-Encoding beside it");
    case http::error::multiple_content_length: return bad("Content-Length must be given once");
    case http::error::bad_transfer_encoding: return bad("Transfer-Encoding must be \"chunked\", given once, and without a Content-Length beside it");
    default: return bad("the head of the request can't be read");
  }
}

}  // namespace

std::optional<Refusal> read_head(std::span<char> bytes, RawHead& head, std::vector<Field>& fields) {
  fields.clear();
  HeadParser parser(bytes.data(), head, fields);
  Code code;
  const std::size_t used = parser.put({bytes.data(), bytes.size()}, code);
  if (code) return refusal_of(code, {bytes.data(), bytes.size()}, parser.too_many());
  if (used != bytes.size() || !parser.is_done()) return bad("the head of the request can't be read");
  head.keep_alive = parser.keep_alive();
  return std::nullopt;
}

// ----------------------------------------------------------------------------------------------------------------------- chunked bodies

struct ChunkReader::Impl final : Quiet {
  Impl(std::size_t limit, std::size_t most_overhead) : overhead_limit(most_overhead) {
    // The head was read already; this one only puts the parser where chunks begin.
    constexpr std::string_view before = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    body_limit(limit);
    Code code;
    fed = before;
    put({before.data(), before.size()}, code);
    overhead = 0;
    eager(true);
  }

  void on_chunk_header_impl(std::uint64_t, beast::string_view extension, Code& code) override {
    // Beast lets anything stand in a quoted extension, a line feed too.
    for (const char c : extension) {
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f') code = http::error::bad_chunk_extension;
    }
    spend(extension.size(), code);
  }

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, Code&) override {
    body->append(piece.data(), piece.size());
    return piece.size();
  }

  /// A trailer.
  void on_field_impl(http::field, beast::string_view name, beast::string_view value, Code& code) override {
    if (is_folded(name, value)) code = http::error::bad_value;
    spend(name.size() + value.size() + 4, code);
  }

  /// Beast joins the lines of a folded value in memory of its own, or begins the value on a later line than its name.
  [[nodiscard]] bool is_folded(beast::string_view name, beast::string_view value) const {
    const std::less<> before;
    if (before(value.data(), fed.data()) || before(fed.data() + fed.size(), value.data())) return true;
    const char* const colon = name.data() + name.size();
    return std::find(colon, value.data(), '\r') != value.data();
  }

  void spend(std::size_t size, Code& code) {
    overhead += size;
    if (overhead > overhead_limit) code = http::error::header_limit;
  }

  std::string* body = nullptr;
  std::string_view fed;
  std::size_t overhead = 0, overhead_limit;
};

namespace {

/// The line of a chunk's size is there, but Beast still waits: for the end of a quoted extension, which it looks for beyond the line. No more bytes can make that
/// legal. (The last chunk's line may rightly wait, for the trailers behind it.)
bool waits_in_vain(std::string_view rest) {
  if (rest.starts_with("\r\n")) rest.remove_prefix(2);
  const std::size_t end = rest.find("\r\n");
  if (end == std::string_view::npos) return false;
  const auto line = rest.substr(0, end);
  const auto first = line.find_first_not_of('0');
  if (first != std::string_view::npos && line[first] != ';' && line[first] != ' ' && line[first] != '\t') return true;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quoted && line[i] == '\\') ++i;
    else if (line[i] == '"') quoted = !quoted;
  }
  return quoted;
}

}  // namespace

ChunkReader::ChunkReader(std::size_t body_limit, std::size_t overhead_limit)
    : impl_(std::make_unique<Impl>(body_limit, overhead_limit)), overhead_limit_(overhead_limit) {}
ChunkReader::~ChunkReader() = default;

ChunkReader::Step ChunkReader::feed(std::string_view bytes, std::string& body) {
  impl_->body = &body;
  impl_->fed = bytes;
  Step step;
  Code code;
  step.used = impl_->put({bytes.data(), bytes.size()}, code);
  constexpr Refusal misframed = bad("the chunked body is not framed as RFC 9112 says: size in hex, CR LF, that many bytes, CR LF, and at last a chunk of size 0");
  constexpr Refusal too_long{431, "request_too_large", "the chunk extensions or trailers of the body are too long"};
  if (!code || code == http::error::need_more) {
    step.state = impl_->is_done() ? State::done : State::more;
    const bool in_vain = code && waits_in_vain(bytes.substr(step.used));
    if (step.state == State::done || (!in_vain && bytes.size() - step.used <= overhead_limit_)) return step;
    why_ = in_vain ? misframed : too_long;
  } else if (code == http::error::body_limit) {
    why_ = {413, "request_too_large", "the body is larger than what is taken here"};
  } else if (code == http::error::header_limit) {
    why_ = too_long;
  } else {
    why_ = misframed;
  }
  step.state = State::refused;
  return step;
}

}  // namespace belay::gateway
