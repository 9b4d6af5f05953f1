#include "drive/play.hpp"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/json.hpp"
#include "belay/ext/transport.h"
#include "check.hpp"
#include "drive/call.hpp"
#include "drive/event_sink.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t largest_piece = 16u << 10;
constexpr std::int64_t attempt_ns = 60'000'000'000;

/// A plugin that kept a sink may still call it when the exchange is over; what stands behind the last ones stays for a while.
template <class T>
std::shared_ptr<T> outliving(std::shared_ptr<T> one) {
  static std::mutex guard;
  static std::array<std::shared_ptr<T>, 32>& last = *new std::array<std::shared_ptr<T>, 32>;
  static std::size_t next = 0;
  const std::lock_guard lock(guard);
  last[next++ % last.size()] = one;
  return one;
}

struct Kept {
  Played played;
  PlayOptions options;
  EventReceiver events{played, options};
  RequestReceiver request{played, options};
};

belay_fields lend_fields(Loan& loan, const std::vector<belay_field>& fields) {
  return {loan.array(fields), static_cast<std::uint32_t>(fields.size()), sizeof(belay_field)};
}

const belay_credential* lend_credential(Loan& loan, const Cassette& cassette, const PlayOptions& options) {
  if (cassette.keyless) return nullptr;
  std::vector<belay_field> fields;
  for (const auto& field : cassette.fields) {
    const std::string& value = options.secret && field.name == "secret" ? *options.secret : field.value;
    fields.push_back({loan.str(field.name), loan.str(value), (field.secret ? BELAY_SECRET : 0) | options.field_flags, 0});
  }
  belay_credential credential{};
  credential.size = sizeof credential;
  credential.id = loan.str(cassette.credential_id);
  credential.type = loan.str(cassette.credential_type);
  credential.generation = cassette.refresh ? cassette.refresh->generation : 1;
  credential.expires_unix_ms = cassette.expires_unix_ms;
  credential.fields = lend_fields(loan, fields);
  return loan.object(credential);
}

const belay_request* lend_request(Loan& loan, const Cassette& cassette, const PlayOptions& options) {
  belay_request request{};
  request.size = sizeof request;
  request.flags = (cassette.stream ? BELAY_REQUEST_STREAM : 0) | options.request_flags;
  request.operation = loan.str(cassette.operation);
  request.wire = loan.str(cassette.wire);
  request.canonical_version = 1;
  request.body = loan.str(cassette.body);
  request.model = loan.str(cassette.request_model);
  request.request_id = loan.str(options.request_id);
  request.deadline_ns = the_host().now_ns() + attempt_ns;
  std::vector<belay_member> members;
  if (const auto index = json::index_object(cassette.body)) {
    for (const auto& member : *index) {
      const auto at = [&](std::string_view part) { return belay_str{request.body.ptr + (part.data() - cassette.body.data()), part.size()}; };
      members.push_back({at(member.name), at(member.value)});
    }
  }
  request.members = loan.array(members);
  request.member_count = static_cast<std::uint32_t>(members.size());
  request.member_stride = sizeof(belay_member);
  std::vector<belay_str> required;
  for (const auto& name : cassette.required) required.push_back(loan.str(name));
  request.required = loan.array(required);
  request.required_count = static_cast<std::uint32_t>(required.size());
  return loan.object(request);
}

/// The pieces of a body, cut where asked and at 16 KiB.
std::vector<std::string_view> pieces_of(std::string_view body, const Cuts& cuts) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  const auto add = [&](std::size_t end) {
    while (begin < end) {
      const auto size = std::min(end - begin, largest_piece);
      out.push_back(body.substr(begin, size));
      begin += size;
    }
  };
  for (const std::size_t cut : cuts) add(std::min(cut, body.size()));
  add(body.size());
  return out;
}

class Player {
 public:
  Player(Subject& subject, belay_instance* instance, const Cassette& cassette, Kept& kept)
      : api_(*subject.api), own_transport_(subject.own_transport()), instance_(instance), cassette_(cassette), kept_(kept), out_(kept.played), options_(kept.options) {
    out_.wire = cassette.wire;
    out_.operation = cassette.operation;
    out_.stream = cassette.stream;
    out_.own_transport = own_transport_;
  }

  void play() {
    const belay_request* request = lend_request(lasting_, cassette_, options_);
    const belay_credential* credential = lend_credential(lasting_, cassette_, options_);
    out_.begin = call("begin", "begin", Where::exchange,
                      [&](belay_error* error) { return api_.begin(instance_, request, credential, &exchange_, error); });
    if (out_.begin != BELAY_OK || exchange_ == nullptr) return;
    out_.begun = true;
    if (options_.until != Until::begun) {
      if (own_transport_) {
        run();
      } else {
        exchange();
      }
    }
    call("end", "end", Where::exchange, [&](belay_error*) { return api_.end(exchange_), BELAY_OK; });
  }

 private:
  void exchange() {
    if (!build()) return;
    const auto& reply = cassette_.reply;
    const bool good = reply && reply->status >= 200 && reply->status < 300;
    if (options_.until == Until::built) return leave_early();
    if (!good) {
      if (reply || options_.finish) finish(options_.finish.value_or(BELAY_FINISH_FAILED));
      return;
    }
    if (!head(*reply)) return;
    if (options_.until == Until::head) return leave_early();
    if (!body(options_.body.value_or(reply->body))) return;
    if (options_.until == Until::pieces) return leave_early();
    finish(options_.finish.value_or(reply->truncated ? BELAY_FINISH_TRUNCATED : BELAY_FINISH_COMPLETE));
  }

  void leave_early() {
    if (options_.finish) finish(*options_.finish);
  }

  bool build() {
    Loan loan;
    const auto* writer = loan.object(kept_.request.writer());
    out_.build = call("build_request", "build_request", Where::exchange,
                      [&](belay_error* error) { return api_.build_request(exchange_, writer, error); });
    give_back(loan);
    return out_.build >= BELAY_OK;
  }

  bool head(const CassetteReply& reply) {
    Loan loan;
    std::vector<belay_field> fields;
    for (const auto& [name, value] : reply.headers) fields.push_back({loan.str(name), loan.str(value), options_.field_flags, 0});
    const auto* head = loan.object(belay_head{sizeof(belay_head), reply.status, lend_fields(loan, fields)});
    out_.head = call_with_sink("head", "on_response_head", loan, Where::exchange, [&](const belay_sink* sink, belay_error* error) {
      return api_.on_response_head(exchange_, head, sink, error);
    });
    give_back(loan);
    return out_.head >= BELAY_OK && !kept_.events.stopped();
  }

  bool body(const std::string& body) {
    const auto pieces = pieces_of(body, options_.cuts);
    const std::size_t most = options_.until == Until::pieces ? std::min(options_.pieces, pieces.size()) : pieces.size();
    for (std::size_t i = 0; i < most; ++i) {
      Loan loan;
      const belay_bytes piece = loan.bytes(pieces[i]);
      const auto status = call_with_sink("chunk", "on_body_chunk", loan, Where::exchange, [&](const belay_sink* sink, belay_error* error) {
        return api_.on_body_chunk(exchange_, piece, sink, error);
      });
      out_.chunks.push_back(status);
      give_back(loan);
      // A STOP of the plugin's own accord is read as OK, as the host does.
      if (status < BELAY_OK || kept_.events.stopped()) return false;
    }
    return true;
  }

  void finish(std::uint32_t how) {
    Loan loan;
    out_.before_finish = out_.events.size();
    out_.finished = true;
    out_.finish = call_with_sink("finish", "finish", loan, Where::exchange,
                                 [&](const belay_sink* sink, belay_error* error) { return api_.finish(exchange_, how, sink, error); });
    give_back(loan);
  }

  void run() {
    const auto* transport = api_.get_extension == nullptr
                                ? nullptr
                                : static_cast<const belay_transport*>(api_.get_extension({BELAY_TRANSPORT_ID, sizeof(BELAY_TRANSPORT_ID) - 1}));
    out_.run = BELAY_ERR_INTERNAL;
    if (transport == nullptr || !BELAY_HAS(transport, belay_transport, run) || transport->run == nullptr) {
      out_.error = "it declares BELAY_CAP_OWN_TRANSPORT and has no belay.transport/1";
      return;
    }
    Loan loan;
    out_.run = call_with_sink("run", "run", loan, Where::transport, [&](const belay_sink* sink, belay_error* error) {
      return transport->run(exchange_, sink, the_host().cancel(), error);
    });
    give_back(loan);
  }

  template <class Body>
  belay_status call_with_sink(const char* step, const char* function, Loan& loan, Where where, Body&& body) {
    const auto* sink = loan.object(kept_.events.sink());
    return call(step, function, where, [&](belay_error* error) {
      const EventReceiver::Call receiving(kept_.events);
      return body(sink, error);
    });
  }

  template <class Body>
  belay_status call(const char* step, const char* function, Where where, Body&& body) {
    if (options_.between) options_.between(step);
    Called came;
    const auto fail = options_.fail_in == step ? std::optional(options_.fail_allocation) : std::nullopt;
    const auto once = [&] { came = call_plugin(function, where, options_.error_room, body, fail); };
    if (options_.call_on) {
      options_.call_on(once);
    } else {
      once();
    }
    if (!came.error.empty()) out_.error = came.error;
    if (out_.threw.empty()) out_.threw = came.threw;
    if (out_.room_breach.empty()) out_.room_breach = came.room_breach;
    out_.allocation_failed = out_.allocation_failed || came.allocation_failed;
    return came.status;
  }

  /// What was lent for one call is taken back, or kept as it is where the check compares.
  void give_back(Loan& loan) {
    if (options_.poison) return loan.take_back();
    loan.hand_to(lasting_);
  }

  const belay_provider_api& api_;
  const bool own_transport_;
  belay_instance* instance_;
  const Cassette& cassette_;
  Kept& kept_;
  Played& out_;
  const PlayOptions& options_;
  belay_exchange* exchange_ = nullptr;
  Loan lasting_;
};

}  // namespace

Cuts every_byte(std::size_t size) {
  Cuts cuts;
  for (std::size_t i = 1; i < size; ++i) cuts.push_back(i);
  return cuts;
}

Played play(Subject& subject, belay_instance* instance, const Cassette& cassette, const PlayOptions& options) {
  auto kept = outliving(std::make_shared<Kept>());
  kept->options = options;
  Player(subject, instance, cassette, *kept).play();
  return kept->played;
}

belay_status Played::failed() const {
  for (const belay_status status : {begin, build, head}) {
    if (status < 0) return status;
  }
  for (const belay_status status : chunks) {
    if (status < 0) return status;
  }
  return finish < 0 ? finish : std::min(run, 0);
}

const SeenEvent* Played::terminal() const {
  if (events.empty()) return nullptr;
  const auto type = events.back().type;
  return type == BELAY_EVENT_STOP || type == BELAY_EVENT_ERROR || type == BELAY_EVENT_RESULT ? &events.back() : nullptr;
}

bool Played::ended_well() const {
  if (failed() < 0 || !threw.empty() || events.empty()) return false;
  if (events.back().type == BELAY_EVENT_RAW) {
    const Message message = message_of(*this, wire, stream);
    return !message.error && (!message.stop.empty() || message.end_mark);
  }
  return events.back().type == BELAY_EVENT_STOP || events.back().type == BELAY_EVENT_RESULT;
}

}  // namespace belay::conform
