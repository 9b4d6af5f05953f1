#include "no_notes.hpp"

namespace belay::cli {

Result<std::optional<std::string>> NoNotes::note(std::string_view /*provider*/, std::string_view /*key*/) {
  return std::optional<std::string>();
}

Result<void> NoNotes::put_note(std::string_view /*provider*/, std::string_view /*key*/, std::string_view /*value*/) {
  return {};
}

}  // namespace belay::cli
