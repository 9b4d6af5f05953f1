// Fuzz target: the SSE parser. Input: one byte that seeds the cuts, one for the limit, then the stream.
// Oracle: whatever pieces the stream comes in, events and outcome are the same as in one piece.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include "http/sse.hpp"

namespace {

/// Everything the sink was told and how it ended, as one text.
struct Course {
  std::string text;
  bool ok = true;
};

Course run(std::string_view stream, std::size_t limit, std::minstd_rand* cuts) {
  Course course;
  belay::http::SseParser parser(limit);
  const auto sink = [&](const belay::http::SseEvent& e) {
    for (const std::string_view part : {e.event, e.data, e.id})
      course.text.append(std::to_string(part.size())).append(":").append(part);
    course.text += ';';
  };
  for (std::size_t at = 0; at < stream.size() || at == 0;) {
    const std::size_t size = cuts ? std::min<std::size_t>(stream.size() - at, (*cuts)() % 9) : stream.size();
    // In memory of its own, so that the sanitizer sees a view that outlives its piece.
    const std::string piece(stream.substr(at, size));
    if (!parser.feed(piece, sink)) {
      course.ok = false;
      return course;
    }
    at += size;
    if (stream.empty()) break;
  }
  course.ok = parser.finish(sink).ok();
  return course;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t limit = data[1] < 128 ? std::size_t{1} << 20 : data[1] - 127u;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);

  const Course whole = run(stream, limit, nullptr);
  for (unsigned seed = 0; seed < 3; ++seed) {
    std::minstd_rand cuts(data[0] * 3u + seed + 1);
    const Course cut = run(stream, limit, &cuts);
    if (cut.ok == whole.ok && cut.text == whole.text) continue;
    std::fprintf(stderr, "whole (%d): %s\ncut   (%d): %s\n", whole.ok, whole.text.c_str(), cut.ok, cut.text.c_str());
    std::abort();
  }
  return 0;
}
