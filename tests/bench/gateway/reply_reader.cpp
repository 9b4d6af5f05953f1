#include "reply_reader.hpp"

#include <algorithm>
#include <charconv>

namespace belay::bench {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c); });
  return text;
}

}  // namespace

void ReplyReader::reset() {
  status = 0;
  body.clear();
  part_ = Part::head;
  head_.clear();
  line_.clear();
  left_ = 0;
}

ReplyReader::State ReplyReader::feed(std::string_view bytes) {
  if (part_ != Part::head) return take_body(bytes);
  const std::size_t before = head_.size();
  head_ += bytes;
  const std::size_t end = head_.find("\r\n\r\n");
  if (end == std::string::npos) return head_.size() > 65536 ? State::broken : State::more;
  const std::string_view rest = bytes.substr(end + 4 - before);
  head_.resize(end + 4);
  const State state = head_done();
  if (state == State::broken || part_ == Part::head) return state == State::broken || rest.empty() ? state : feed(rest);
  if (part_ == Part::counted && left_ == 0) return rest.empty() ? State::whole : State::broken;
  return rest.empty() ? State::more : take_body(rest);
}

ReplyReader::State ReplyReader::head_done() {
  if (!head_.starts_with("HTTP/1.1 ")) return State::broken;
  (void)std::from_chars(head_.data() + 9, head_.data() + 12, status);
  if (status < 200) {  // 100 Continue: the reply follows
    head_.clear();
    return State::more;
  }
  const std::string head = lower(head_);
  if (head.find("\r\ntransfer-encoding: chunked") != std::string::npos) {
    part_ = Part::size;
    return State::more;
  }
  const std::size_t at = head.find("\r\ncontent-length: ");
  if (at == std::string::npos) return State::broken;
  (void)std::from_chars(head.data() + at + 18, head.data() + head.size(), left_);
  part_ = Part::counted;
  return State::more;
}

ReplyReader::State ReplyReader::take_body(std::string_view bytes) {
  if (part_ != Part::counted) return take_chunks(bytes);
  if (bytes.size() > left_) return State::broken;
  body += bytes;
  left_ -= bytes.size();
  return left_ == 0 ? State::whole : State::more;
}

ReplyReader::State ReplyReader::take_chunks(std::string_view bytes) {
  while (!bytes.empty()) {
    if (part_ == Part::data) {
      const std::size_t size = std::min(left_, bytes.size());
      body += bytes.substr(0, size);
      bytes.remove_prefix(size);
      if ((left_ -= size) == 0) part_ = Part::data_end;
      continue;
    }
    const std::size_t end = bytes.find('\n');
    line_ += bytes.substr(0, end);
    if (end == std::string_view::npos) return State::more;
    bytes.remove_prefix(end + 1);
    if (part_ == Part::data_end) {
      part_ = Part::size;
    } else if (part_ == Part::size) {
      const auto read = std::from_chars(line_.data(), line_.data() + line_.size(), left_, 16);
      if (read.ec != std::errc{}) return State::broken;
      part_ = left_ == 0 ? Part::trailer : Part::data;
    } else if (line_ == "\r") {
      return bytes.empty() ? State::whole : State::broken;
    }
    line_.clear();
  }
  return State::more;
}

}  // namespace belay::bench
