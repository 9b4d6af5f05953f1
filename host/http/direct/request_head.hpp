// RequestHead: everything before a request's body but the length of that body, as it goes over the wire.
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
    length,  ///< the text ends in "Content-Length: "; the number and two line ends follow
    blank,   ///< the text ends in its own blank line: no body
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
  [[nodiscard]] Ending ending() const { return ending_; }

 private:
  RequestHead(std::string_view method, Ending ending) : method_(method), ending_(ending) {}

  std::string text_;  // written once, in room that is large enough; wiped, since it holds credentials
  std::string method_;
  std::size_t first_line_ = 0;  // its size
  Ending ending_;
};

}  // namespace belay::http
