// Diagnostic: one problem in something a person wrote, with its place and the way out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace belay {

struct Diagnostic {
  std::string file;          ///< as the person named it
  std::uint32_t line = 0;    ///< from 1; 0: the whole file
  std::uint32_t column = 0;  ///< from 1
  std::string key;           ///< "route.compression.deadline"
  std::string problem;       ///< what is wrong
  std::string remedy;        ///< what would be right; may be empty

  /// "belay.toml:14:9: route.r.targets: unknown provider "antropic" (did you mean "anthropic"?)"
  [[nodiscard]] std::string text() const;
};

using Diagnostics = std::vector<Diagnostic>;

/// The member of `known` that `word` was probably meant to be, or "".
std::string suggest(std::string_view word, const std::vector<std::string>& known);

}  // namespace belay
