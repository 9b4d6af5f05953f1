// RequestHead: what all requests with the same method, address and headers begin with, as it goes over the wire. Each one's own end of the head (length of
// its body, trace, blank line) follows it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace belay::http {

struct Address;
class HeaderLines;

class RequestHead {
 public:
  enum class Ending : std::uint8_t {
    length,  ///< the text ends in "Content-Length: "
    none,    ///< the text ends with the line before: no body
  };

  static std::shared_ptr<const RequestHead> build(std::string_view method, const Address& address,
                                                  const HeaderLines& lines, Ending ending);
  ~RequestHead();
  RequestHead(const RequestHead&) = delete;
  RequestHead& operator=(const RequestHead&) = delete;

  /// The same request to another target of the same origin.
  [[nodiscard]] std::shared_ptr<const RequestHead> moved_to(std::string_view target) const;

  [[nodiscard]] bool serves(std::string_view method, Ending ending) const {
    return method == method_ && ending == ending_;
  }
  [[nodiscard]] std::string_view text() const { return text_; }
  /// What follows text() in front of a body of that size.
  [[nodiscard]] std::string rest(std::size_t body_size, std::string_view traceparent) const;

 private:
  RequestHead(std::string_view method, Ending ending) : method_(method), ending_(ending) {}

  std::string text_;  // written once, in room that is large enough; wiped, since it holds credentials
  std::string method_;
  std::size_t first_line_ = 0;  // its size
  Ending ending_;
};

}  // namespace belay::http
