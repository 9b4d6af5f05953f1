// Which checks are meant: globs over ids and group names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "check.hpp"

namespace belay::conform {

/// `*` is any text, `?` one character; letters match in either case.
bool glob_matches(std::string_view glob, std::string_view text);

/// Those that one of `only` names (all when it is empty) and none of `skip`. A glob that names nothing is an error with a suggestion.
Result<std::vector<const Check*>> select_checks(std::span<const Check* const> all, const std::vector<std::string>& only, const std::vector<std::string>& skip);

/// The check with this id, whatever the case of its letters.
Result<const Check*> find_check(std::span<const Check* const> all, std::string_view id);

}  // namespace belay::conform
