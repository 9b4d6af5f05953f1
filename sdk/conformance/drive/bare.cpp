#include "drive/bare.hpp"

#include <algorithm>
#include <cstring>

#include "base/utf8.hpp"
#include "belay/ext/transport.h"
#include "check.hpp"
#include "drive/allocations.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {
namespace {

using Inside = TestHost::Inside;

RequestTape& tape_of(void* host) { return *static_cast<RequestTape*>(host); }

belay_status write_line(void* host, belay_str method, belay_str url) {
  const HostCode not_the_plugins;
  tape_of(host).line = std::string(told(method)) + " " + std::string(told(url));
  return BELAY_OK;
}
belay_status write_header(void* host, belay_str name, belay_str value, std::uint32_t flags) {
  const HostCode not_the_plugins;
  tape_of(host).headers += std::string(told(name)) + ": " + std::string(told(value)) + ((flags & BELAY_SECRET) != 0 ? " (secret)\n" : "\n");
  return BELAY_OK;
}
belay_status write_body(void* host, belay_bytes piece) {
  const HostCode not_the_plugins;
  if (piece.len != 0) tape_of(host).body.append(reinterpret_cast<const char*>(piece.ptr), piece.len);
  return BELAY_OK;
}
belay_status write_given(void* host) {
  tape_of(host).body_as_given = true;
  return BELAY_OK;
}

}  // namespace

RequestTape::RequestTape() : writer_{sizeof(belay_http_writer), 0, this, write_line, write_header, write_body, write_given} {}

const belay_http_writer* silent_writer() {
  static const belay_http_writer silent = {
      sizeof(belay_http_writer),
      0,
      nullptr,
      [](void*, belay_str, belay_str) -> belay_status { return BELAY_OK; },
      [](void*, belay_str, belay_str, std::uint32_t) -> belay_status { return BELAY_OK; },
      [](void*, belay_bytes) -> belay_status { return BELAY_OK; },
      [](void*) -> belay_status { return BELAY_OK; },
  };
  return &silent;
}

belay_bytes PieceWindow::put(std::string_view piece) {
  used_ = std::min(piece.size(), most);
  std::byte* at = bytes_.data() + most - used_;
  if (used_ != 0) std::memcpy(at, piece.data(), used_);
  return {reinterpret_cast<const std::uint8_t*>(at), used_};
}

void PieceWindow::spoil() { std::memset(bytes_.data() + most - used_, 0xA5, used_); }

BareExchange::BareExchange(const Subject& subject, belay_instance* instance, const Lent& lent) : subject_(subject) {
  const Inside inside(Where::exchange, "begin");
  begin_status = subject.api->begin(instance, lent.request(), lent.credential(), &exchange_, &error.error);
  if (begin_status < 0) exchange_ = nullptr;   // there is no end() then
}

belay_status BareExchange::build(const belay_http_writer* writer) {
  const Inside inside(Where::exchange, "build_request");
  return subject_.api->build_request(exchange_, writer, &error.error);
}

belay_status BareExchange::head(const belay_head* head, EventTape& tape) {
  const Inside inside(Where::exchange, "on_response_head");
  return subject_.api->on_response_head(exchange_, head, tape.sink(), &error.error);
}

belay_status BareExchange::chunk(belay_bytes piece, EventTape& tape) {
  const Inside inside(Where::exchange, "on_body_chunk");
  return subject_.api->on_body_chunk(exchange_, piece, tape.sink(), &error.error);
}

belay_status BareExchange::finish(std::uint32_t how, EventTape& tape) {
  const Inside inside(Where::exchange, "finish");
  return subject_.api->finish(exchange_, how, tape.sink(), &error.error);
}

belay_status BareExchange::run(EventTape& tape, const belay_cancel* cancel) {
  const Inside inside(Where::transport, "run");
  return transport_of(subject_)->run(exchange_, tape.sink(), cancel, &error.error);
}

void BareExchange::end() {
  if (exchange_ == nullptr) return;
  const Inside inside(Where::exchange, "end");
  subject_.api->end(exchange_);
  exchange_ = nullptr;
}

const belay_transport* transport_of(const Subject& subject) {
  if (!subject.own_transport() || subject.api->get_extension == nullptr) return nullptr;
  return static_cast<const belay_transport*>(subject.api->get_extension(lend(BELAY_TRANSPORT_ID)));
}

namespace {

belay_status over_http(BareExchange& exchange, const CassetteReply& reply, EventTape& tape, const BareOptions& options) {
  belay_status status = exchange.build(silent_writer());
  if (status < 0) return status;
  const bool good = reply.status >= 200 && reply.status < 300;
  if (!good) return tape.as_host(exchange.finish(options.finish.value_or(BELAY_FINISH_FAILED), tape));
  const LentHead head(reply);
  status = tape.as_host(exchange.head(head.head(), tape));
  PieceWindow window;
  std::string_view rest = reply.body;
  while (status == BELAY_OK && !rest.empty()) {
    const std::string_view piece = rest.substr(0, std::clamp<std::size_t>(options.piece, 1, PieceWindow::most));
    status = tape.as_host(exchange.chunk(window.put(piece), tape));
    window.spoil();
    rest.remove_prefix(piece.size());
  }
  if (status != BELAY_OK) return status;
  return tape.as_host(exchange.finish(options.finish.value_or(reply.truncated ? BELAY_FINISH_TRUNCATED : BELAY_FINISH_COMPLETE), tape));
}

}  // namespace

belay_status play_bare(const Subject& subject, belay_instance* instance, const Lent& lent, const CassetteReply& reply, EventTape& tape,
                       const BareOptions& options) {
  BareExchange exchange(subject, instance, lent);
  belay_status status = exchange.begin_status;
  if (exchange.begun()) status = subject.own_transport() ? tape.as_host(exchange.run(tape, nullptr)) : over_http(exchange, reply, tape, options);
  if (status < 0) tape.transcript += "\nstatus " + std::to_string(status) + ": " + printable(exchange.error.text());
  return status;
}

BareAccount::BareAccount(const Case& c, const Subject& subject, const Lent& lent) : subject_(subject) {
  ErrorRoom error;
  belay_status status = BELAY_ERR_INTERNAL;
  {
    const Inside inside(Where::control, "create");
    status = subject.api->create(lent.config(), &instance_, &error.error);
  }
  if (status < 0 || instance_ == nullptr) {
    instance_ = nullptr;
    c.fail("create() makes an instance from the cassette's configuration", "status " + std::to_string(status) + ": " + printable(error.text()));
  }
}

void BareAccount::destroy() {
  if (instance_ == nullptr) return;
  const Inside inside(Where::control, "destroy");
  subject_.api->destroy(instance_);
  instance_ = nullptr;
}

}  // namespace belay::conform
