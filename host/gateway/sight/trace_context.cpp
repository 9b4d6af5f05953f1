#include "sight/trace_context.hpp"

#include <array>
#include <random>

namespace belay::gateway {
namespace {

constexpr std::size_t trace_at = 3, trace_size = 32, span_at = 36, span_size = 16, flags_at = 53, whole = 55;

template <std::size_t Digits>
HexId<Digits> random_hex() {
  static thread_local std::mt19937_64 engine{std::random_device{}()};
  char out[Digits];
  for (std::size_t i = 0; i < Digits; i += 16) {
    std::uint64_t bits = engine();
    for (std::size_t k = i; k < i + 16; ++k, bits >>= 4) out[k] = "0123456789abcdef"[bits & 15];
  }
  return std::string_view(out, Digits);
}

bool lower_hex(std::string_view text) {
  unsigned char bad = 0;   // bytes without branches, so that a compiler does sixteen at a time
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const auto digit = static_cast<unsigned char>(static_cast<unsigned char>(byte - '0') < 10), letter = static_cast<unsigned char>(static_cast<unsigned char>(byte - 'a') < 6);
    bad = static_cast<unsigned char>(bad | static_cast<unsigned char>((digit | letter) ^ 1));
  }
  return bad == 0;
}

bool all_zero(std::string_view text) {
  unsigned char bits = 0;
  for (const char c : text) bits = static_cast<unsigned char>(bits | static_cast<unsigned char>(c ^ '0'));
  return bits == 0;
}

/// version "-" trace-id "-" parent-id "-" flags; a later version may have more behind another "-" (section 4.3 of the
/// recommendation).
bool valid(std::string_view text) {
  if (text.size() < whole || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const auto version = text.substr(0, 2);
  if (!lower_hex(version) || version == "ff") return false;
  if (text.size() > whole && (version == "00" || text[whole] != '-')) return false;
  const auto trace = text.substr(trace_at, trace_size), span = text.substr(span_at, span_size),
             flags = text.substr(flags_at, 2);
  return lower_hex(trace) && lower_hex(span) && lower_hex(flags) && !all_zero(trace) && !all_zero(span);
}

}  // namespace

TraceContext trace_context(std::string_view traceparent) {
  TraceContext out;
  out.span = random_hex<span_size>();
  if (!valid(traceparent)) {
    out.trace = random_hex<trace_size>();
    return out;
  }
  out.trace = traceparent.substr(trace_at, trace_size);
  out.parent = traceparent.substr(span_at, span_size);
  const char last = traceparent[flags_at + 1];
  const int bits = last <= '9' ? last - '0' : last - 'a' + 10;
  out.sampled = (bits & 1) != 0;
  return out;
}

std::string traceparent(const TraceContext& context) {
  std::string out;
  out.reserve(whole);
  return out.append("00-").append(context.trace).append("-").append(context.span).append(context.sampled ? "-01" : "-00");
}

}  // namespace belay::gateway
