// Connection: from a head to a Visit.
#include "connection.hpp"
#include "hall.hpp"

namespace belay::gateway {
namespace {

constexpr std::uint64_t cheap_to_drop = 64u << 10;  // a refused request's body of that size is read, so that its connection can be kept

}  // namespace

/// What is asked of every request before its meaning; the first objection counts.
std::optional<Refusal> Connection::judge(const RawHead& raw, const Target& target, Framing& framing) {
  if (auto why = check_target(raw, target)) return why;
  if (auto why = read_framing(raw, framing)) return why;
  if (auto why = check_source(raw, target, door_, *settings_)) return why;
  if (framing.size > settings_->max_body_bytes) return Refusal{413, "request_too_large", "the body is larger than what is taken here"};
  return std::nullopt;
}

void Connection::begin_request(std::span<char> bytes, bool more_follows) {
  RawHead raw;
  if (const auto why = read_head(bytes, raw, hall_.fields)) return refuse({}, *why);
  http10_ = raw.minor == 0;
  keep_alive_ = raw.keep_alive;
  head_only_ = raw.method == "HEAD";
  const Target target = read_target(raw.method, raw.target);
  Framing framing;
  if (const auto why = judge(raw, target, framing)) return refuse(target.path, *why);
  if (raw.origin.count > 0) origin_ = raw.origin.value;
  ++hall_.counts.requests;
  ++hall_.counts.active;
  active_ = true;
  phase_ = Phase::busy;
  timer_.disarm();

  const Head head{.method = raw.method, .path = target.path, .query = target.query, .fields = hall_.fields, .peer = peer_, .local = local_};
  close_if_unread_ = framing.body == Framing::Body::chunked || framing.size > cheap_to_drop || framing.expects_continue;
  opening_ = true;
  if (!answer_ourselves(raw, target, head)) visit_ = hall_.service.open(head, *this);
  opening_ = false;
  if (over_) {
    if (framing.body == Framing::Body::none || close_after_) return;
    phase_ = Phase::discard;
    began_ = touched_ = hall_.loop.now();
    left_ = framing.size;
    received_ = 0;
    return arm();
  }
  if (!visit_) return refuse(target.path, {503, "overloaded", "the gateway has no answer to this request"});
  if (framing.body == Framing::Body::none) return visit_->on_body({});
  begin_body(framing, target.path, more_follows);
}

/// What needs no Service: a browser's question before its request (CORS), and OPTIONS for the server as a whole.
bool Connection::answer_ourselves(const RawHead& raw, const Target& target, const Head& head) {
  if (target.form == Target::Form::asterisk) {
    const Field allow{"allow", "GET, POST, OPTIONS"};
    send(204, std::span(&allow, 1), {});
    return true;
  }
  if (raw.method != "OPTIONS" || raw.origin.count == 0 || head.get("access-control-request-method").empty()) return false;
  Field fields[4] = {{"access-control-allow-methods", "GET, POST, OPTIONS"}, {"access-control-max-age", "7200"}};
  std::size_t count = 2;
  if (const auto asked = head.get("access-control-request-headers"); !asked.empty()) fields[count++] = {"access-control-allow-headers", asked};
  if (head.get("access-control-request-private-network") == "true") fields[count++] = {"access-control-allow-private-network", "true"};
  send(204, std::span(fields, count), {});
  return true;
}

}  // namespace belay::gateway
