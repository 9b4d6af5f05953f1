#include "head_reader.hpp"

#include <algorithm>

namespace belay::http {
namespace {

constexpr std::size_t usual_fields = 12;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blank);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace

std::optional<std::string_view> Head::get(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return std::nullopt;
}

void HeadReader::begin(std::size_t limit) {
  head_ = {};
  left_ = limit;
  whole_ = false;
}

HeadReader::Step HeadReader::line(std::string_view text) {
  if (text.size() > left_) return Step::too_large;
  left_ -= text.size();
  if (whole_) return Step::more;  // a trailer

  if (head_.status == 0) {
    status_line(text);
  } else if (!trimmed(text).empty()) {
    field(text);
  } else if (head_.status < 200) {
    head_ = {};  // 1xx: the head of the reply proper follows
  } else {
    whole_ = true;
    return Step::head;
  }
  return Step::more;
}

/// "HTTP/1.1 200 OK"; libcurl writes "HTTP/2 200" for HTTP/2, and has refused anything that is no HTTP.
void HeadReader::status_line(std::string_view text) {
  text.remove_prefix(std::min(text.size(), text.find(' ')));
  text = trimmed(text);
  for (std::size_t i = 0; i < text.size() && i < 3 && text[i] >= '0' && text[i] <= '9'; ++i)
    head_.status = head_.status * 10 + (text[i] - '0');
  head_.headers.reserve(usual_fields);
}

void HeadReader::field(std::string_view text) {
  const bool folded =
      text.front() == ' ' || text.front() == '\t';  // RFC 9112 5.2: a continuation is part of the value before it
  if (folded && !head_.headers.empty()) {
    head_.headers.back().second.append(" ").append(trimmed(text));
    return;
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return;
  head_.headers.emplace_back(lower(trimmed(text.substr(0, colon))), trimmed(text.substr(colon + 1)));
}

}  // namespace belay::http
