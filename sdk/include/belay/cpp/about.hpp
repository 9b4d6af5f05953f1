// SPDX-License-Identifier: 0BSD
//
// What a provider says of itself, written with names, and the ABI's descriptor made of it at compile time.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string_view>

#include "belay/cpp/text.hpp"

namespace belay::sdk {

/// Up to sixteen words: operations, wires, credential types.
struct Words {
  belay_str at[16]{};
  std::uint32_t count = 0;

  constexpr Words() = default;
  constexpr Words(std::initializer_list<std::string_view> words) {
    for (auto word : words) {
      if (count == 16) throw std::length_error("sixteen words at most");  // refuses to compile
      at[count++] = str(word);
    }
  }
};

/// `static constexpr belay::sdk::About about = {.type = "acme", ...};` in the provider's class. What each means:
/// belay_descriptor.
struct About {
  std::string_view type;
  std::string_view name;
  std::string_view vendor;
  std::string_view version;
  std::string_view license;
  std::string_view homepage = {};
  std::uint32_t caps = 0;
  Words operations = {"chat"};
  Words wires = {};
  Words credential_types = {"api_key"};
  std::string_view config_schema = {};
  std::string_view default_base_url = {};
  std::span<const belay_model> models = {};
};

namespace detail {

[[nodiscard]] constexpr belay_descriptor describe(const About& about) noexcept {
  belay_descriptor out{};
  out.size = sizeof out;
  out.caps = about.caps;
  out.type = str(about.type);
  out.name = str(about.name);
  out.vendor = str(about.vendor);
  out.version = str(about.version);
  out.license = str(about.license);
  out.homepage = str(about.homepage);
  out.config_schema = str(about.config_schema);
  out.default_base_url = str(about.default_base_url);
  out.operations = about.operations.at;
  out.wires = about.wires.at;
  out.credential_types = about.credential_types.at;
  out.operation_count = about.operations.count;
  out.wire_count = about.wires.count;
  out.credential_type_count = about.credential_types.count;
  out.model_count = static_cast<std::uint32_t>(about.models.size());
  out.models = about.models.data();
  out.model_stride = sizeof(belay_model);
  return out;
}

}  // namespace detail

}  // namespace belay::sdk
