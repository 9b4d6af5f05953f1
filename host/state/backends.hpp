// The backends that open() chooses from.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "state/state.hpp"

namespace belay::state {

std::unique_ptr<State> make_memory_state();
Result<std::unique_ptr<State>> open_file_state(const std::filesystem::path& dir);

/// What every backend asks of a record before it is stored: one JSON value of at most max_record_bytes.
Result<void> check_record(std::string_view key, std::string_view value);

}  // namespace belay::state
