// One checked pass over a text, plain or SSE4.2, whichever the processor has.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"
#include "json_scan.hpp"

namespace belay::json {

class CheckedPass {
 public:
  /// `copy` holds `text` and scan::padding bytes more, zeroed; the pass decodes strings in it.
  CheckedPass(std::string_view text, char* copy, std::size_t depth_limit);
  ~CheckedPass();
  CheckedPass(const CheckedPass&) = delete;
  CheckedPass& operator=(const CheckedPass&) = delete;

  Result<void> index();
  Result<void> build(const scan::Events& events);

  /// How many members the top-level object has, and where in the text the raw name of each begins, in order. After
  /// index().
  [[nodiscard]] std::size_t members() const { return pass_.names.count - 1; }
  [[nodiscard]] std::size_t name_at(std::size_t member) const {
    return static_cast<std::size_t>(pass_.names.at[member + 1].text - pass_.copy);
  }

 private:
  [[nodiscard]] Result<void> outcome() const;

  std::string_view text_;
  scan::Pass pass_;
};

}  // namespace belay::json
