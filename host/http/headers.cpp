#include "headers.hpp"

#include <strings.h>

#include <algorithm>

#include "base/secret.hpp"

namespace belay::http {
namespace {

/// Above this size libcurl asks with "Expect: 100-continue" and waits a second for servers that do not know it.
constexpr std::size_t expect_threshold = 1u << 20;

enum OwnLine : unsigned { no_type = 1, no_expect = 2, no_coding = 4 };

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// libcurl frames the request; a second opinion in a header would let two servers read it differently.
bool is_framing(std::string_view name) {
  switch (name.size()) {
    case 6:
      return same_word(name, "expect");
    case 10:
      return same_word(name, "connection");
    case 14:
      return same_word(name, "content-length");
    case 17:
      return same_word(name, "transfer-encoding");
    default:
      return false;
  }
}

bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view value) {
  unsigned char bad = 0;   // bytes, so that a compiler does sixteen at a time
  for (const char c : value) bad = static_cast<unsigned char>(bad | ((static_cast<unsigned char>(c) < 0x20) & (c != '\t')) | (c == 0x7f));
  return bad == 0;
}

/// White space around a value is not part of it (RFC 9110 5.5), and libcurl takes a blank value for a wish to leave the
/// header out.
std::string_view bare(std::string_view value) {
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  return value;
}

/// What libcurl adds by itself and we do not want. Accept-Encoding is never sent: providers compress small JSON and
/// event streams for nothing, a compressed stream arrives late (the coder holds bytes back), and every byte would be
/// decoded once more than it is worth. A server may still compress unasked (RFC 9110 12.5.3); libcurl then decodes, and
/// its own request line is taken out here.
unsigned own_lines(const Request& request) {
  unsigned own = no_coding;
  bool typed = false;
  for (const Header& header : request.headers) {
    if (header.name.size() == 12 && same_word(header.name, "content-type")) typed = true;
    if (header.name.size() == 15 && same_word(header.name, "accept-encoding")) own &= ~no_coding;
  }
  if (!typed) own |= no_type;
  if (request.body && request.body->size() > expect_threshold) own |= no_expect;
  return own;
}

}  // namespace

Result<std::shared_ptr<HeaderLines>> HeaderLines::build(const Request& request) {
  std::shared_ptr<HeaderLines> lines(new HeaderLines);
  for (const Header& header : request.headers) {
    if (!is_token(header.name)) return fail("a header name holds characters that HTTP does not allow in one");
    if (!is_field_value(header.value))
      return fail("the value of header " + header.name + " holds a line end or control character");
    if (is_framing(header.name)) continue;
    const std::string_view value = bare(header.value);
    lines->add(header.name, value.empty() ? ";" : ": ", value);
  }
  lines->sent_ = lines->lines_.size();
  lines->own_ = own_lines(request);
  if (lines->own_ & no_coding) lines->add("Accept-Encoding", ":", "");
  if (lines->own_ & no_type) lines->add("Content-Type", ":", "");
  if (lines->own_ & no_expect) lines->add("Expect", ":", "");
  lines->link();
  return lines;
}

HeaderLines::~HeaderLines() { wipe(text_.data(), text_.size()); }

bool HeaderLines::serves(const Request& request) const {
  std::size_t next = 0;
  for (const Header& header : request.headers) {
    if (is_framing(header.name)) continue;
    if (next == sent_) return false;
    const Line line = lines_[next++];
    const std::string_view value = bare(header.value);
    const std::string_view separator = value.empty() ? ";" : ": ";
    if (line.name != header.name.size() || line.size != line.name + separator.size() + value.size()) return false;
    const std::string_view text(text_.data() + line.begin, line.size);
    if (!text.starts_with(header.name) || !text.ends_with(value)) return false;
    if (!text.substr(header.name.size()).starts_with(separator)) return false;
  }
  return next == sent_ && own_ == own_lines(request);
}

std::vector<HeaderLines::Field> HeaderLines::fields() const {
  std::vector<Field> fields;
  fields.reserve(sent_);
  for (std::size_t i = 0; i < sent_; ++i) {
    const std::string_view text(text_.data() + lines_[i].begin, lines_[i].size);
    const std::size_t separator = text[lines_[i].name] == ';' ? 1 : 2;
    fields.push_back({text.substr(0, lines_[i].name), text.substr(lines_[i].name + separator)});
  }
  return fields;
}

bool HeaderLines::has(std::string_view name) const {
  return std::any_of(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(sent_), [&](const Line& line) {
    return same_word({text_.data() + line.begin, line.name}, name);
  });
}

bool HeaderLines::allows(std::string_view value) { return is_field_value(value); }

bool HeaderLines::asks_for_coding() const { return (own_ & no_coding) == 0; }

std::shared_ptr<const RequestHead> HeaderLines::head(const Request& request, const Address& address) {
  const bool bare_method = !request.body && (request.method == "GET" || request.method == "HEAD");
  const auto ending = bare_method ? RequestHead::Ending::none : RequestHead::Ending::length;
  if (!head_ || !head_->serves(request.method, ending))
    head_ = RequestHead::build(request.method, address, *this, ending);
  return head_;
}

void HeaderLines::add(std::string_view name, std::string_view separator, std::string_view value) {
  const std::size_t size = name.size() + separator.size() + value.size();
  if (text_.capacity() < text_.size() + size + 1) {
    // Grown by hand so that the outgrown copy is wiped too.
    std::string larger;
    larger.reserve(std::max<std::size_t>(1024, 2 * (text_.size() + size + 1)));
    larger.append(text_);
    wipe(text_.data(), text_.size());
    text_.swap(larger);
  }
  lines_.push_back({text_.size(), name.size(), size});
  text_.append(name).append(separator).append(value).push_back('\0');
}

void HeaderLines::link() {
  nodes_.resize(lines_.size());
  for (std::size_t i = 0; i < lines_.size(); ++i)
    nodes_[i] = {text_.data() + lines_[i].begin, i + 1 < lines_.size() ? &nodes_[i + 1] : nullptr};
}

}  // namespace belay::http
