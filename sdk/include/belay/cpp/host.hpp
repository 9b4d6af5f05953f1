// SPDX-License-Identifier: 0BSD
//
// The host and its services, and the refresh of a provider with nothing special to do.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "belay/cpp/sinks.hpp"
#include "belay/cpp/views.hpp"
#include "belay/ext/refresh.h"

namespace belay::sdk {

namespace detail {
/// Set by the entry function, once: the first host of the process stays.
inline constinit std::atomic<const belay_host*> the_host{nullptr};
}  // namespace detail

/// Set before anything of a provider runs.
[[nodiscard]] inline const belay_host* host() noexcept { return detail::the_host.load(std::memory_order_acquire); }

/// One line for the log. `ctx` of an instance or refresh, or nullptr. [any]
inline void log(belay_ctx* ctx, std::uint32_t level, std::string_view line) noexcept {
  if (const belay_host* to = host()) to->log(ctx, level, str(line));
}

/// A service of the host by its id; nullptr: this host lacks it. Ask BELAY_HAS() before a slot that is newer than 1.0.
/// [any]
template <class Table>
[[nodiscard]] const Table* service(std::string_view id) noexcept {
  const belay_host* from = host();
  return from == nullptr ? nullptr : static_cast<const Table*>(from->get_extension(str(id)));
}

/// The host's refresh of the generic credential types (belay.refresh/1):
///     sdk::Refreshed refresh_credentials(const sdk::Refresh& in, sdk::FieldSink& sink) { return
///     sdk::default_refresh(in, sink); }
inline Refreshed default_refresh(const Refresh& in, FieldSink& sink) {
  const auto* refresh = service<belay_refresh>(BELAY_REFRESH_ID);
  if (refresh == nullptr) return {.outcome = BELAY_NOT_APPLICABLE, .text = "this host has no " BELAY_REFRESH_ID};
  std::array<char, 512> room{};
  belay_error error{sizeof error, 0, {room.data(), room.size(), 0}};
  belay_refresh_out out{};
  out.size = sizeof out;
  out.outcome = BELAY_FAILED_TRANSIENT;
  out.retry_after_ms = -1;
  const belay_status status = refresh->refresh(in.raw(), &out, sink.raw(), &error);
  std::string text(room.data(), error.text.len);
  if (status < 0) throw Error(status, std::move(text));
  return {out.outcome, out.flags, out.expires_unix_ms, out.refresh_after_unix_ms, out.retry_after_ms, std::move(text)};
}

}  // namespace belay::sdk
