// Inflater: decodes a reply's body. Nobody asks for codings (headers.cpp says why), but a server may use one all the
// same; gzip and deflate are what such servers know.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace belay::http {

class Inflater {
 public:
  /// `coding` is a Content-Encoding. Null for one that cannot be decoded.
  static std::unique_ptr<Inflater> make(std::string_view coding);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Decodes into `out`, taking from the front of `in`. Returns the bytes written: all of `out`, or as many as `in`
  /// gives. nullopt: broken.
  std::optional<std::size_t> decode(std::string_view& in, std::span<char> out);

 private:
  struct Stream;
  explicit Inflater(int window_bits);
  bool start_over(int window_bits);

  std::unique_ptr<Stream> stream_;
};

/// Whether `coding` changes the body at all.
bool is_coding(std::string_view coding);

}  // namespace belay::http
