// SPDX-License-Identifier: 0BSD
//
// The line that no exception crosses (P13). Every function of the tables is a trampoline: it makes views of what it
// got, calls the provider's class, and turns what is returned or thrown into a status. Fail-closed, with these values
// when the class throws:
//
//     create, begin                     the Error's status, else BELAY_ERR_INTERNAL; *out untouched
//     build_request, on_response_head,
//     on_body_chunk, finish, run        the Error's status, else BELAY_ERR_INTERNAL: the host ends the exchange
//     classify_error                    BELAY_ERR_INTERNAL; *out untouched: the host's own table decides
//     refresh_credentials, login        the Error's status, else BELAY_ERR_INTERNAL; outcome FAILED_TRANSIENT: what was
//     emitted doesn't count destroy, end                      logged as BELAY_LOG_PLUGIN_MISBEHAVING; the memory is
//     freed get_extension                     NULL
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>

#include "belay/cpp/host.hpp"
#include "belay/cpp/sinks.hpp"
#include "belay/cpp/text.hpp"
#include "belay/cpp/views.hpp"
#include "belay/ext/login.h"
#include "belay/ext/transport.h"

namespace belay::sdk::detail {

inline void log_misbehaving(const char* what) noexcept { log(nullptr, BELAY_LOG_PLUGIN_MISBEHAVING, what); }

/// Calls `body`, which returns a Status; nothing gets out of it.
template <class Body>
belay_status guarded(belay_error* error, Body body) noexcept {
  try {
    const Status status = body();
    if (status.code < 0) put(error, status.text);
    return status.code <= BELAY_OK ? status.code : BELAY_STOP;
  } catch (const Error& thrown) {
    put(error, thrown.what());
    return thrown.status();
  } catch (const std::bad_alloc&) {
    put(error, "out of memory");
  } catch (const std::exception& thrown) {
    put(error, thrown.what());
  } catch (...) {
    put(error, "the plugin threw something that is no std::exception");
  }
  return BELAY_ERR_INTERNAL;
}

inline Finish finish_of(std::uint32_t how) noexcept {
  return how >= BELAY_FINISH_COMPLETE && how <= BELAY_FINISH_FAILED ? static_cast<Finish>(how) : Finish::failed;
}

inline void fill(belay_classification& out, const Classification& from) noexcept {
  out.reason = from.reason;
  out.scope = from.scope;
  out.retry_after_ms = from.retry_after_ms;
  out.reset_unix_ms = from.reset_unix_ms;
  out.affordable_tokens = from.affordable_tokens;
  put(out.message, from.message);
  put(out.parameter, from.parameter);
  put(out.rename, from.rename);
}

/// What the host did not take it can't keep: then nothing was renewed.
inline void fill(belay_refresh_out& out, const Refreshed& from, const FieldSink& sink) noexcept {
  out.outcome = from.outcome == BELAY_REFRESHED && sink.stopped() ? BELAY_FAILED_TRANSIENT : from.outcome;
  out.flags = from.flags;
  out.expires_unix_ms = from.expires_unix_ms;
  out.refresh_after_unix_ms = from.refresh_after_unix_ms;
  out.retry_after_ms = from.retry_after_ms;
}

/// The trampolines of one provider class P.
template <class P>
struct Trampolines {
  using Exchange = typename P::Exchange;
  static constexpr bool own_transport = requires { &Exchange::run; };

  static_assert(
      own_transport ||
          requires {
            &Exchange::build_request;
            &Exchange::on_body_chunk;
            &Exchange::finish;
          },
      "belay: Exchange needs build_request, on_body_chunk and finish; or run, for a provider with its own transport");
  static_assert(
      requires { &P::classify_error; },
      "belay: a provider has classify_error(const Failure&) const; `return {};` leaves it to the host");
  static_assert(
      requires { &P::refresh_credentials; },
      "belay: a provider has refresh_credentials(const Refresh&, FieldSink&); `return belay::sdk::default_refresh(in, "
      "sink);` is the host's");
  static_assert(((P::about.caps & BELAY_CAP_OWN_TRANSPORT) != 0) == own_transport,
                "belay: BELAY_CAP_OWN_TRANSPORT and Exchange::run go together");
  static_assert(!P::about.type.empty() && !P::about.name.empty() && !P::about.vendor.empty() &&
                    !P::about.version.empty() && !P::about.license.empty(),
                "belay: about needs type, name, vendor, version and license");

  static P& of(belay_instance* instance) noexcept { return *reinterpret_cast<P*>(instance); }
  static Exchange& of(belay_exchange* exchange) noexcept { return *reinterpret_cast<Exchange*>(exchange); }

  static belay_status create(const belay_config* config, belay_instance** out, belay_error* error) noexcept {
    return guarded(error, [&]() -> Status {
      *out = reinterpret_cast<belay_instance*>(new P(Config(config)));
      return {};
    });
  }

  static void destroy(belay_instance* instance) noexcept { discard(&of(instance)); }

  static belay_status begin(belay_instance* instance, const belay_request* request, const belay_credential* credential,
                            belay_exchange** out, belay_error* error) noexcept {
    return guarded(error, [&]() -> Status {
      *out = reinterpret_cast<belay_exchange*>(new Exchange(of(instance), Request(request), Credential(credential)));
      return {};
    });
  }

  static belay_status build_request(belay_exchange* exchange, const belay_http_writer* writer,
                                    belay_error* error) noexcept {
    return guarded(error, [&]() -> Status {
      Writer to(writer);
      return of(exchange).build_request(to);
    });
  }

  static belay_status on_response_head(belay_exchange* exchange, const belay_head* head, const belay_sink* sink,
                                       belay_error* error) noexcept {
    return guarded(error, [&]() -> Status {
      if constexpr (requires { &Exchange::on_response_head; }) {
        Sink to(sink);
        return or_stop(of(exchange).on_response_head(Head(head), to), to);
      }
      return {};
    });
  }

  static belay_status on_body_chunk(belay_exchange* exchange, belay_bytes piece, const belay_sink* sink,
                                    belay_error* error) noexcept {
    return guarded(error, [&]() -> Status {
      Sink to(sink);
      return or_stop(of(exchange).on_body_chunk(view(piece), to), to);
    });
  }

  static belay_status finish(belay_exchange* exchange, std::uint32_t how, const belay_sink* sink,
                             belay_error* error) noexcept {
    return guarded(error, [&]() -> Status {
      Sink to(sink);
      return or_stop(of(exchange).finish(finish_of(how), to), to);
    });
  }

  static belay_status run(belay_exchange* exchange, const belay_sink* sink, const belay_cancel* cancel,
                          belay_error* error) noexcept {
    return guarded(error, [&]() -> Status {
      Sink to(sink);
      return or_stop(of(exchange).run(to, Cancel(host(), cancel)), to);
    });
  }

  static void end(belay_exchange* exchange) noexcept { discard(&of(exchange)); }

  static belay_status classify_error(belay_instance* instance, const belay_failure* failure,
                                     belay_classification* out) noexcept {
    const P& provider = of(instance);
    return guarded(nullptr, [&]() -> Status {
      const Classification answer = provider.classify_error(Failure(failure));
      fill(*out, answer);
      return {};
    });
  }

  static belay_status refresh_credentials(belay_instance* instance, const belay_refresh_in* in, belay_refresh_out* out,
                                          const belay_field_sink* sink, belay_error* error) noexcept {
    out->outcome = BELAY_FAILED_TRANSIENT;
    return guarded(error, [&]() -> Status {
      FieldSink to(sink);
      const Refreshed answer = of(instance).refresh_credentials(Refresh(host(), in), to);
      fill(*out, answer, to);
      put(error, answer.text);
      return {};
    });
  }

  static belay_status login(belay_instance* instance, const belay_refresh_in* in, const belay_prompt* prompt,
                            belay_refresh_out* out, const belay_field_sink* sink, belay_error* error) noexcept {
    out->outcome = BELAY_FAILED_TRANSIENT;
    return guarded(error, [&]() -> Status {
      FieldSink to(sink);
      Prompt person(prompt);
      const Refreshed answer = of(instance).login(Refresh(host(), in), person, to);
      fill(*out, answer, to);
      put(error, answer.text);
      return {};
    });
  }

  static const void* get_extension(belay_str id) noexcept {
    if constexpr (own_transport) {
      static constexpr belay_transport transport{sizeof(belay_transport), 0, run};
      if (view(id) == BELAY_TRANSPORT_ID) return &transport;
    }
    if constexpr (requires { &P::login; }) {
      static constexpr belay_login with_login{sizeof(belay_login), 0, login};
      if (view(id) == BELAY_LOGIN_ID) return &with_login;
    }
    if constexpr (requires { &P::extension; }) {
      const void* table = nullptr;
      guarded(nullptr, [&]() -> Status {
        table = P::extension(view(id));
        return {};
      });
      return table;
    }
    return nullptr;
  }

  static constexpr belay_provider_api table() noexcept {
    belay_provider_api api{};
    api.size = sizeof api;
    api.create = create;
    api.destroy = destroy;
    api.begin = begin;
    if constexpr (!own_transport) {
      api.build_request = build_request;
      api.on_response_head = on_response_head;
      api.on_body_chunk = on_body_chunk;
      api.finish = finish;
    }
    api.end = end;
    api.classify_error = classify_error;
    api.refresh_credentials = refresh_credentials;
    api.get_extension = get_extension;
    return api;
  }

 private:
  static Status or_stop(Status status, const Sink& sink) {
    return status.code == BELAY_OK && sink.stopped() ? Status(BELAY_STOP) : status;
  }

  /// `delete` that outlives a destructor which throws (it must be declared noexcept(false) to try).
  template <class T>
  static void discard(T* object) noexcept {
    try {
      delete object;
    } catch (...) {
      log_misbehaving("a destructor threw");
    }
  }
};

}  // namespace belay::sdk::detail
