#include "direct/request_head.hpp"

#include <charconv>
#include <iterator>
#include <vector>

#include "address.hpp"
#include "base/secret.hpp"
#include "headers.hpp"

namespace belay::http {
namespace {

/// In front of the caller's headers, unless he has his own.
struct OwnHeader {
  std::string_view name;
  std::string value;
};

std::size_t size_of(std::string_view name, std::string_view value) { return name.size() + value.size() + 4; }

void add(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::shared_ptr<const RequestHead> RequestHead::build(std::string_view method, const Address& address,
                                                      const HeaderLines& lines, Ending ending) {
  const std::vector<HeaderLines::Field> fields = lines.fields();
  std::vector<OwnHeader> own;
  if (!lines.has("host")) own.push_back({"Host", address.host_text()});
  if (!lines.has("accept")) own.push_back({"Accept", "*/*"});
  const std::string start = std::string(method) + " " + address.url.target() + " HTTP/1.1\r\n";
  const std::string_view end = ending == Ending::length ? "Content-Length: " : "";

  // Measured first: a string that grows leaves credentials behind in the memory it outgrew.
  std::size_t size = start.size() + end.size();
  for (const auto& [name, value] : own) size += size_of(name, value);
  for (const auto& [name, value] : fields) size += size_of(name, value);
  std::shared_ptr<RequestHead> head(new RequestHead(method, ending));
  head->text_.reserve(size);
  head->text_.append(start);
  head->first_line_ = start.size();
  for (const auto& [name, value] : own) add(head->text_, name, value);
  for (const auto& [name, value] : fields) add(head->text_, name, value);
  head->text_.append(end);
  return head;
}

RequestHead::~RequestHead() { wipe(text_.data(), text_.size()); }

std::string RequestHead::rest(std::size_t body_size, std::string_view traceparent) const {
  constexpr std::string_view trace_name = "traceparent: ", line_end = "\r\n";
  char digits[20];
  const std::string_view length(digits, static_cast<std::size_t>(std::to_chars(digits, std::end(digits), body_size).ptr - digits));
  std::string out;
  out.reserve(length.size() + trace_name.size() + traceparent.size() + 3 * line_end.size());
  if (ending_ == Ending::length) out.append(length).append(line_end);
  if (!traceparent.empty()) out.append(trace_name).append(traceparent).append(line_end);
  out.append(line_end);
  return out;
}

std::shared_ptr<const RequestHead> RequestHead::moved_to(std::string_view target) const {
  const std::string start = method_ + " " + std::string(target) + " HTTP/1.1\r\n";
  std::shared_ptr<RequestHead> head(new RequestHead(method_, ending_));
  head->text_.reserve(start.size() + text_.size() - first_line_);
  head->text_.append(start).append(std::string_view(text_).substr(first_line_));
  head->first_line_ = start.size();
  return head;
}

}  // namespace belay::http
