// SPDX-License-Identifier: 0BSD
//
// The plugin ABI for C++20. A provider is a class:
//
//     class Acme {
//      public:
//       static constexpr belay::sdk::About about = {.type = "acme", ...};       what it is
//       explicit Acme(const belay::sdk::Config&);                              [control] throws belay::sdk::Error
//       class Exchange {                                                       one HTTP exchange
//        public:
//         Exchange(Acme&, belay::sdk::Request, belay::sdk::Credential);        [exchange] throws belay::sdk::Error
//         belay::sdk::Status build_request(belay::sdk::Writer&);
//         belay::sdk::Status on_response_head(belay::sdk::Head, belay::sdk::Sink&);      may be left out
//         belay::sdk::Status on_body_chunk(std::string_view, belay::sdk::Sink&);
//         belay::sdk::Status finish(belay::sdk::Finish, belay::sdk::Sink&);
//         belay::sdk::Status run(belay::sdk::Sink&, const belay::sdk::Cancel&);          instead of these, with
//         BELAY_CAP_OWN_TRANSPORT
//       };
//       belay::sdk::Classification classify_error(const belay::sdk::Failure&) const;     [any]
//       belay::sdk::Refreshed refresh_credentials(const belay::sdk::Refresh&, belay::sdk::FieldSink&); [refresh]
//       belay::sdk::Refreshed login(const belay::sdk::Refresh&, belay::sdk::Prompt&, belay::sdk::FieldSink&);   may be
//       left out static const void* extension(std::string_view id);                               may be left out:
//       tables of your own
//     };
//     BELAY_PROVIDER(Acme)
//
// Views (Request, Config, Failure, ...) are described in belay/cpp/views.hpp, what takes your words in
// belay/cpp/sinks.hpp, what happens to an exception in belay/cpp/barrier.hpp. Header-only; nothing of it is visible
// outside the plugin.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "belay/cpp/about.hpp"
#include "belay/cpp/barrier.hpp"
#include "belay/cpp/host.hpp"
#include "belay/cpp/sinks.hpp"
#include "belay/cpp/text.hpp"
#include "belay/cpp/views.hpp"
#include "belay/plugin.h"

namespace belay::sdk::detail {

/// The tables of one module with the providers Ps.
template <class... Ps>
struct Module {
  static constexpr std::array<belay_descriptor, sizeof...(Ps)> descriptors = {describe(Ps::about)...};
  static constexpr std::array<belay_provider_api, sizeof...(Ps)> apis = {Trampolines<Ps>::table()...};

  static const belay_descriptor* descriptor(std::uint32_t index) noexcept {
    return index < descriptors.size() ? &descriptors[index] : nullptr;
  }
  static const belay_provider_api* api(std::uint32_t index) noexcept {
    return index < apis.size() ? &apis[index] : nullptr;
  }

  static constexpr belay_plugin plugin(std::string_view id, std::string_view version) noexcept {
    belay_plugin out{};
    out.size = sizeof out;
    out.abi_major = BELAY_ABI_MAJOR;
    out.abi_minor = BELAY_ABI_MINOR;
    out.min_host_minor = BELAY_MIN_HOST_MINOR;
    out.flags = BELAY_ABI_DRAFT != 0 ? BELAY_PLUGIN_DRAFT : 0;
    out.provider_count = sizeof...(Ps);
    out.id = str(id);
    out.version = str(version);
    out.hash = str(BELAY_ABI_HASH);
    out.descriptor = descriptor;
    out.api = api;
    return out;
  }
};

/// What the entry function does once it has its table.
inline belay_status enter(const belay_plugin& plugin, const belay_hello* hello, const belay_plugin** out,
                          belay_error* error) noexcept {
  return guarded(error, [&]() -> Status {
    if (hello == nullptr || out == nullptr || !BELAY_HAS(hello, belay_hello, abi_major))
      return {BELAY_ERR_CONTRACT, "the host said no hello"};
    if (hello->abi_major != BELAY_ABI_MAJOR) {
      return {BELAY_ERR_UNSUPPORTED, "the plugin speaks belay ABI " + std::to_string(BELAY_ABI_MAJOR) + "." +
                                         std::to_string(BELAY_ABI_MINOR) + ", the host " +
                                         std::to_string(hello->abi_major) + ".x"};
    }
    if (!BELAY_HAS(hello, belay_hello, host) || hello->host == nullptr ||
        !BELAY_HAS(hello->host, belay_host, get_extension)) {
      return {BELAY_ERR_CONTRACT, "the host's table is shorter than ABI 1.0 says"};
    }
    const belay_host* none = nullptr;
    the_host.compare_exchange_strong(none, hello->host, std::memory_order_acq_rel);
    *out = &plugin;
    return {};
  });
}

}  // namespace belay::sdk::detail

/// Defines the module: its one export and its tables, of one provider class or several. belay_add_plugin() gives id and
/// version.
#define BELAY_PROVIDER(...) BELAY_MODULE(BELAY_MODULE_ID, BELAY_MODULE_VERSION, __VA_ARGS__)

/// The same with an id and version written here; they must be those of the note.
#define BELAY_MODULE(module_id, module_version, ...)                                                             \
  extern "C" BELAY_EXPORT belay_status belay_plugin_entry_v1(const belay_hello* hello, const belay_plugin** out, \
                                                             belay_error* error) {                               \
    static constexpr belay_plugin plugin =                                                                       \
        ::belay::sdk::detail::Module<__VA_ARGS__>::plugin(module_id, module_version);                            \
    return ::belay::sdk::detail::enter(plugin, hello, out, error);                                               \
  }
