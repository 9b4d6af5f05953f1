// The replies of one connection, as they come in: status, framing, body. Knows Content-Length and chunked, which is all that a proxy may send here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace belay::bench {

class ReplyReader {
 public:
  enum class State { more, whole, broken };

  /// Bytes of one reply; what it decodes is appended to `body`. Bytes beyond the end of a reply break it: nobody asked for them.
  State feed(std::string_view bytes);

  /// For the next reply on this connection.
  void reset();

  int status = 0;
  std::string body;  ///< the caller may take from it at any time

 private:
  State head_done();
  State take_body(std::string_view bytes);
  State take_chunks(std::string_view bytes);

  enum class Part { head, counted, size, data, data_end, trailer } part_ = Part::head;
  std::string head_, line_;
  std::size_t left_ = 0;
};

}  // namespace belay::bench
