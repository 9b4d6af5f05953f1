// ReplyParser: the bytes of HTTP/1.1 replies to heads and bodies. What is HTTP is decided by Boost.Beast's parser; its
// headers are seen by reply_parser.cpp alone. What Beast leaves to its user is here: caps to the byte, interim replies,
// and the framing that two readers could understand in two ways.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/client.hpp"

namespace belay::http {

class ReplyParser {
 public:
  enum class Body : std::uint8_t {
    as_told,  ///< its head says
    none,     ///< of a reply to HEAD, whatever its head says
  };
  enum class Step : std::uint8_t {
    more,       ///< all was taken that can be understood; what is left comes again with what follows it
    done,       ///< the head is whole, or the body
    too_large,  ///< more header bytes than allowed, or a header line over 100 KiB
    invalid,    ///< not HTTP: why()
  };

  ReplyParser();
  ~ReplyParser();
  ReplyParser(const ReplyParser&) = delete;
  ReplyParser& operator=(const ReplyParser&) = delete;

  /// A new reply, of at most `header_limit` bytes of heads (interim ones too) and trailers.
  void begin(Body body, std::size_t header_limit);

  struct TakenHead {
    Step step;
    std::size_t used;
  };
  /// Reads the final head into `head`, whose strings are used again. Interim replies are passed over.
  TakenHead head(std::string_view bytes, Head& head);

  struct TakenBody {
    Step step;
    std::size_t used;
    std::string_view
        piece;  ///< in `bytes`, which is written over: several chunks become one piece; also before an error
  };
  /// Reads on behind the head. `bytes` is not empty.
  TakenBody body(std::span<char> bytes);

  /// The reply needs no further byte.
  [[nodiscard]] bool whole() const;
  /// The connection has ended: whether the body may end with it.
  [[nodiscard]] bool may_end_here();
  /// The next reply may come on this connection, as far as this one says.
  [[nodiscard]] bool keeps_alive() const;
  /// What the connection ended before; for people.
  [[nodiscard]] std::string missing() const;
  /// For people, after too_large and invalid.
  [[nodiscard]] const std::string& why() const { return why_; }

 private:
  struct Reader;
  TakenHead invalid(std::string why);
  Step too_large(bool in_sum);
  bool parse(std::string_view text, Head& head);
  bool parse_without_lengths(std::string_view text, Head& head);

  std::unique_ptr<Reader> reader_;
  std::string why_;
  std::size_t limit_ = 0, left_ = 0;  // header bytes
  std::size_t line_at_ = 0;           // where the line begins that the search for the head's end has come to
  Body expected_ = Body::as_told;
  bool must_close_ = false;
};

}  // namespace belay::http
