#include "packed.hpp"

#include <cstring>

namespace belay::gateway::sight {
namespace {

using fallback::Attempt;
using fallback::Reason;

/// Numbers are LEB128, signed ones in zigzag; texts have their length in front.
class Packer {
 public:
  explicit Packer(Packing& to) : to_(to), at_(to.bytes.data()), end_(at_ + to.bytes.size()) { need(slack); }
  ~Packer() { to_.size = static_cast<std::size_t>(at_ - to_.bytes.data()); }
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) *at_++ = static_cast<char>(value | 0x80);
    *at_++ = static_cast<char>(value);
  }
  void signed_number(std::int64_t value) { number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63)); }
  void text(std::string_view value) {
    number(value.size());
    need(value.size() + slack);
    if (!value.empty()) std::memcpy(at_, value.data(), value.size());
    at_ += value.size();
  }
  template <typename Enum>
  void word(Enum value) { number(static_cast<std::uint64_t>(value)); }
  /// 0: none.
  void reason(const std::optional<Reason>& value) { number(value ? static_cast<std::uint64_t>(*value) + 1 : 0); }
  void maybe(const std::optional<std::int64_t>& value) {
    number(value ? 1 : 0);
    if (value) signed_number(*value);
  }
  void span(std::chrono::nanoseconds value) { signed_number(value.count()); }

 private:
  /// Behind each text there is room for 25 numbers of ten bytes; there are never more before the next one.
  static constexpr std::size_t slack = 256;

  void need(std::size_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) grow(size);
  }
  void grow(std::size_t size) {
    const auto done = at_ - to_.bytes.data();
    to_.bytes.resize(2 * (to_.bytes.size() + size));
    at_ = to_.bytes.data() + done;
    end_ = to_.bytes.data() + to_.bytes.size();
  }

  Packing& to_;
  char* at_;
  char* end_;
};

/// Reads what a Packer of this process wrote.
class Unpacker {
 public:
  explicit Unpacker(std::string_view from) : rest_(from) {}

  std::uint64_t number() {
    std::uint64_t out = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      out |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return out;
    }
  }
  std::int64_t signed_number() {
    const std::uint64_t zigzag = number();
    return static_cast<std::int64_t>(zigzag >> 1 ^ (0 - (zigzag & 1)));
  }
  std::string_view view() {
    const auto size = number();
    const auto out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  std::string text() { return std::string(view()); }
  template <typename Enum>
  Enum word() { return static_cast<Enum>(number()); }
  std::optional<Reason> reason() {
    const auto value = number();
    return value == 0 ? std::nullopt : std::optional(static_cast<Reason>(value - 1));
  }
  std::optional<std::int64_t> maybe() { return number() == 0 ? std::nullopt : std::optional(signed_number()); }
  std::chrono::nanoseconds span() { return std::chrono::nanoseconds(signed_number()); }

 private:
  std::string_view rest_;
};

void pack_attempt(Packer& to, const Attempt& attempt, const Stretch& stretch) {
  to.signed_number(attempt.n);
  to.text(attempt.provider);
  to.text(attempt.model);
  to.text(attempt.credential);
  to.number(attempt.generation);
  to.signed_number(attempt.status);
  to.reason(attempt.reason);
  to.text(attempt.message);
  to.word(attempt.refresh);
  to.text(attempt.refresh_message);
  to.word(attempt.verdict);
  to.signed_number(attempt.duration_ms);
  to.maybe(attempt.hold_ms);
  to.number(attempt.adjusted.size());
  for (const auto& adjusted : attempt.adjusted) {
    to.text(adjusted.parameter);
    to.text(adjusted.to);
  }
  to.span(stretch.from);
  to.span(stretch.to);
}

void unpack_attempt(Unpacker& from, Kept& kept) {
  Attempt& attempt = kept.trace.attempts.emplace_back();
  attempt.n = static_cast<int>(from.signed_number());
  attempt.provider = from.text();
  attempt.model = from.text();
  attempt.credential = from.text();
  attempt.generation = from.number();
  attempt.status = static_cast<int>(from.signed_number());
  attempt.reason = from.reason();
  attempt.message = from.text();
  attempt.refresh = from.word<fallback::RefreshOutcome>();
  attempt.refresh_message = from.text();
  attempt.verdict = from.word<fallback::Verdict>();
  attempt.duration_ms = from.signed_number();
  attempt.hold_ms = from.maybe();
  for (auto left = from.number(); left > 0; --left) {
    auto& adjusted = attempt.adjusted.emplace_back();
    adjusted.parameter = from.text();
    adjusted.to = from.text();
  }
  Stretch& stretch = kept.stretches.emplace_back();
  stretch.from = from.span();
  stretch.to = from.span();
}

}  // namespace

void pack(Packing& to, const RequestRecord& record) {
  const fallback::Trace& trace = record.call->trace;
  Packer out(to);
  out.text(trace.id.empty() ? record.id : std::string_view(trace.id));
  out.text(trace.route);
  out.text(record.key);
  out.word(trace.outcome);

  out.reason(trace.reason);
  out.reason(trace.left);
  out.number(trace.served_by ? 1 : 0);
  if (trace.served_by) {
    out.text(trace.served_by->provider);
    out.text(trace.served_by->model);
    out.text(trace.served_by->credential);
  }
  out.signed_number(trace.duration_ms);
  out.maybe(trace.retry_after_ms);
  const auto& usage = trace.usage;
  for (const auto count : {usage.prompt, usage.completion, usage.cached, usage.cache_write, usage.reasoning, usage.audio}) out.signed_number(count);
  out.number(trace.attempts.size());
  StretchReader stretches(record.live);
  for (const auto& attempt : trace.attempts) pack_attempt(out, attempt, stretches.next(attempt));
  out.number(trace.skipped.size());
  for (const auto& skipped : trace.skipped) {
    out.text(skipped.target);
    out.text(skipped.why);
  }
  out.text(record.wire);
  out.signed_number(record.began);
  out.signed_number(record.status);
  out.number((record.stream ? 1 : 0) | (record.gone ? 2 : 0));
  out.number(record.bytes_in);
  out.number(record.bytes_out);
  out.span(record.total);
  out.span(record.overhead);
  out.span(record.first_content);
}

PackedHead head_of(std::string_view packed) {
  Unpacker from(packed);
  PackedHead out;
  out.id = from.view();
  out.route = from.view();
  out.key = from.view();
  out.outcome = from.word<fallback::Outcome>();
  return out;
}

Kept unpack(std::string_view packed) {
  Unpacker from(packed);
  Kept out;
  out.call = true;
  auto& trace = out.trace;
  trace.id = from.text();
  trace.route = from.text();
  out.key = from.text();
  trace.outcome = from.word<fallback::Outcome>();
  trace.reason = from.reason();
  trace.left = from.reason();
  if (from.number() != 0) {
    auto& served = trace.served_by.emplace();
    served.provider = from.text();
    served.model = from.text();
    served.credential = from.text();
  }
  trace.duration_ms = from.signed_number();
  trace.retry_after_ms = from.maybe();
  auto& usage = trace.usage;
  for (auto* count : {&usage.prompt, &usage.completion, &usage.cached, &usage.cache_write, &usage.reasoning, &usage.audio}) *count = from.signed_number();
  for (auto left = from.number(); left > 0; --left) unpack_attempt(from, out);
  for (auto left = from.number(); left > 0; --left) {
    auto& skipped = trace.skipped.emplace_back();
    skipped.target = from.text();
    skipped.why = from.text();
  }
  out.wire = from.text();
  out.began = from.signed_number();
  out.status = static_cast<int>(from.signed_number());
  const auto flags = from.number();
  out.stream = (flags & 1) != 0;
  out.gone = (flags & 2) != 0;
  out.bytes_in = from.number();
  out.bytes_out = from.number();
  out.total = from.span();
  out.overhead = from.span();
  out.first_content = from.span();
  return out;
}

}  // namespace belay::gateway::sight
