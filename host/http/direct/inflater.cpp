#include "direct/inflater.hpp"

#include <strings.h>
#include <zlib.h>

namespace belay::http {
namespace {

constexpr int gzip_form = 15 + 16, zlib_form = 15, raw_form = -15;

bool is_word(std::string_view text, std::string_view word) {
  return text.size() == word.size() && ::strncasecmp(text.data(), word.data(), word.size()) == 0;
}

}  // namespace

struct Inflater::Stream {
  z_stream z{};
  int form;
  bool over = false;  // one gzip member was; another may follow (RFC 1952 2.2)
};

bool is_coding(std::string_view coding) {
  return !coding.empty() && !is_word(coding, "identity") && !is_word(coding, "none");
}

std::unique_ptr<Inflater> Inflater::make(std::string_view coding) {
  int form = 0;
  if (is_word(coding, "gzip") || is_word(coding, "x-gzip")) form = gzip_form;
  if (is_word(coding, "deflate")) form = zlib_form;
  if (form == 0) return nullptr;
  std::unique_ptr<Inflater> made(new Inflater(form));
  return made->start_over(form) ? std::move(made) : nullptr;
}

Inflater::Inflater(int window_bits) : stream_(std::make_unique<Stream>()) { stream_->form = window_bits; }

Inflater::~Inflater() { inflateEnd(&stream_->z); }

bool Inflater::start_over(int window_bits) {
  inflateEnd(&stream_->z);
  stream_->form = window_bits;
  return inflateInit2(&stream_->z, window_bits) == Z_OK;
}

std::optional<std::size_t> Inflater::decode(std::string_view& in, std::span<char> out) {
  z_stream& z = stream_->z;
  const std::string_view whole = in;
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  while (z.avail_out > 0) {
    if (stream_->over) {
      if (in.empty()) break;
      if (stream_->form != gzip_form || inflateReset(&z) != Z_OK) return std::nullopt;
      stream_->over = false;
    }
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    z.avail_in = static_cast<uInt>(in.size());
    const int step = inflate(&z, Z_SYNC_FLUSH);
    in.remove_prefix(in.size() - z.avail_in);
    if (step == Z_STREAM_END) {
      stream_->over = true;
    } else if (step == Z_DATA_ERROR && stream_->form == zlib_form && z.total_out == 0) {
      // Some servers send "deflate" without its zlib header.
      in = whole;
      if (!start_over(raw_form)) return std::nullopt;
      z.next_out = reinterpret_cast<Bytef*>(out.data());
      z.avail_out = static_cast<uInt>(out.size());
    } else if (step == Z_BUF_ERROR || (step == Z_OK && in.empty())) {
      break;  // needs more, or room
    } else if (step != Z_OK) {
      return std::nullopt;
    }
  }
  return out.size() - z.avail_out;
}

}  // namespace belay::http
