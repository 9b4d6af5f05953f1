#include "direct/inflater.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace belay::http::test {
namespace {

std::string packed(std::string_view text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

constexpr int gzip = 15 + 16, zlib = 15, raw = -15;

/// The input in pieces of `step`, the output in pieces of `room`; nullopt when it breaks.
std::optional<std::string> unpacked(std::string_view coding, std::string_view input, std::size_t step,
                                    std::size_t room) {
  const auto inflater = Inflater::make(coding);
  std::string out, piece(room, '\0');
  for (std::size_t at = 0; at < input.size(); at += step) {
    std::string_view in = input.substr(at, step);
    for (bool more = true; more;) {
      const auto size = inflater->decode(in, piece);
      if (!size) return std::nullopt;
      out.append(piece, 0, *size);
      more = *size == room || !in.empty();
    }
  }
  return out;
}

std::string text() {
  std::string out;
  for (int i = 0; i < 3'000; ++i) out += "line " + std::to_string(i * 7919 % 3'000) + "\n";
  return out;
}

TEST(Inflater, GivesTheSameForAnySplit) {
  for (const auto& [coding, form] : {std::pair("gzip", gzip), {"X-GZIP", gzip}, {"deflate", zlib}, {"deflate", raw}})
    for (const std::size_t step : {7u, 1'000u, 1'000'000u})
      for (const std::size_t room : {1u, 100u, 16'384u})
        EXPECT_EQ(unpacked(coding, packed(text(), form), step, room), text())
            << coding << form << " " << step << " " << room;
}

TEST(Inflater, ReadsGzipByteByByte) { EXPECT_EQ(unpacked("gzip", packed(text(), gzip), 1, 100), text()); }

TEST(Inflater, ReadsAllMembersOfAGzipFile) {
  EXPECT_EQ(unpacked("gzip", packed("one", gzip) + packed("two", gzip), 1'000, 100), "onetwo");
}

TEST(Inflater, RefusesWhatIsBroken) {
  std::string broken = packed(text(), gzip);
  broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 0x55);
  EXPECT_EQ(unpacked("gzip", broken, 1'000'000, 16'384), std::nullopt);
  EXPECT_EQ(unpacked("gzip", "not gzip at all", 1'000, 100), std::nullopt);
  EXPECT_EQ(unpacked("gzip", packed("one", gzip) + "and more", 1'000, 100), std::nullopt);
  EXPECT_EQ(unpacked("deflate", packed("one", zlib) + "and more", 1'000, 100), std::nullopt);
}

TEST(Inflater, KnowsWhatItCannotDecode) {
  EXPECT_EQ(Inflater::make("br"), nullptr);
  EXPECT_EQ(Inflater::make("gzip, gzip"), nullptr);
  EXPECT_TRUE(is_coding("br"));
  EXPECT_FALSE(is_coding(""));
  EXPECT_FALSE(is_coding("Identity"));
}

}  // namespace
}  // namespace belay::http::test
