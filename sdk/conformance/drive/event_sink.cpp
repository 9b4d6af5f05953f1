#include "drive/event_sink.hpp"

#include <algorithm>

#include "drive/allocations.hpp"
#include "drive/loan.hpp"

namespace belay::conform {
namespace {

bool is_terminal(std::uint32_t type) { return type == BELAY_EVENT_STOP || type == BELAY_EVENT_ERROR || type == BELAY_EVENT_RESULT; }

bool readable_failure(const belay_failure& failure) {
  const auto& headers = failure.headers;
  return readable(failure.body) && readable(failure.code) && readable(failure.type) && readable(failure.message) && readable(failure.parameter) &&
         (headers.count == 0 || (headers.at != nullptr && headers.stride >= sizeof(belay_field)));
}

}  // namespace

SeenEvent::Failure seen_failure(const belay_failure& failure) {
  SeenEvent::Failure out;
  out.kind = failure.kind;
  out.status = failure.status;
  out.body = view(failure.body);
  out.code = view(failure.code);
  out.type = view(failure.type);
  out.message = view(failure.message);
  out.parameter = view(failure.parameter);
  for (std::uint32_t i = 0; i < failure.headers.count; ++i) {
    const auto* header = reinterpret_cast<const belay_field*>(reinterpret_cast<const char*>(failure.headers.at) + std::size_t{i} * failure.headers.stride);
    if (readable(header->name) && readable(header->value)) out.headers.emplace_back(view(header->name), view(header->value));
  }
  return out;
}

Result<SeenEvent> seen_event(const belay_event* event) {
  if (event == nullptr || event->size < sizeof(belay_event)) return fail("an event is shorter than ABI 1.0 says");
  if (!readable(event->a) || !readable(event->b)) return fail("an event has a text with a length and no memory");
  SeenEvent out;
  out.type = event->type;
  out.flags = event->flags;
  out.index = event->index;
  out.a = view(event->a);
  out.b = view(event->b);
  out.num = event->num;
  if (event->usage != nullptr) {
    if (event->usage->size < sizeof(belay_usage)) return fail("a belay_usage is shorter than ABI 1.0 says");
    out.usage = *event->usage;
  }
  if (event->failure != nullptr) {
    if (event->failure->size < sizeof(belay_failure)) return fail("a belay_failure is shorter than ABI 1.0 says");
    if (!readable_failure(*event->failure)) return fail("a belay_failure has a text, body or headers with a length and no memory");
    out.failure = seen_failure(*event->failure);
  }
  return out;
}

EventReceiver::Call::Call(EventReceiver& to) : to_(to) {
  to_.thread_ = std::this_thread::get_id();
  to_.open_ = true;
}
EventReceiver::Call::~Call() { to_.open_ = false; }

belay_status EventReceiver::emit(void* host, const belay_event* event) {
  const HostCode host_code;
  return static_cast<EventReceiver*>(host)->take(event);
}

belay_status EventReceiver::take(const belay_event* event) {
  if (!open_ || thread_ != std::this_thread::get_id()) {
    the_host().breach("it emitted an event outside of the call that got the sink, or from another thread; now in " + TestHost::where_text());
    return BELAY_ERR_CONTRACT;
  }
  auto seen = seen_event(event);
  if (!seen) {
    the_host().breach(seen.error().message);
    return BELAY_ERR_CONTRACT;
  }
  if (stopped_) {
    ++played_.after_stop;
    return BELAY_STOP;
  }
  if (ended_) ++played_.after_terminal;
  ended_ = ended_ || is_terminal(seen->type);
  if (options_.on_event) options_.on_event(*seen);
  played_.events.push_back(std::move(*seen));
  stopped_ = options_.stop_at && played_.events.size() > *options_.stop_at;
  return stopped_ ? BELAY_STOP : BELAY_OK;
}

bool RequestReceiver::takes() {
  if (refused_) {
    ++played_.writer_calls_after_refusal;
    return false;
  }
  refused_ = options_.writer_refuses_at && played_.writer_calls == *options_.writer_refuses_at;
  ++played_.writer_calls;
  return !refused_;
}

belay_status RequestReceiver::line(void* host, belay_str method, belay_str url) {
  const HostCode host_code;
  auto& self = *static_cast<RequestReceiver*>(host);
  if (!self.takes() || !readable(method) || !readable(url)) return BELAY_ERR_CONTRACT;
  self.played_.sent.method = view(method);
  self.played_.sent.url = view(url);
  return BELAY_OK;
}

belay_status RequestReceiver::header(void* host, belay_str name, belay_str value, std::uint32_t flags) {
  const HostCode host_code;
  auto& self = *static_cast<RequestReceiver*>(host);
  if (!self.takes() || !readable(name) || !readable(value)) return BELAY_ERR_CONTRACT;
  self.played_.sent.headers.push_back({std::string(view(name)), std::string(view(value)), (flags & BELAY_SECRET) != 0});
  return BELAY_OK;
}

belay_status RequestReceiver::body(void* host, belay_bytes piece) {
  const HostCode host_code;
  auto& self = *static_cast<RequestReceiver*>(host);
  if (!self.takes() || !readable(piece)) return BELAY_ERR_CONTRACT;
  self.played_.sent.body += view(piece);
  return BELAY_OK;
}

belay_status RequestReceiver::body_as_given(void* host) {
  const HostCode host_code;
  auto& self = *static_cast<RequestReceiver*>(host);
  if (!self.takes()) return BELAY_ERR_CONTRACT;
  self.played_.sent.body_as_given = true;
  return BELAY_OK;
}

}  // namespace belay::conform
