// --list and --explain: the documentation of the checks, from the checks.
#pragma once

#include <span>
#include <string>

#include "check.hpp"

namespace belay::conform {

std::string list_text(std::span<const Check* const> checks);
/// {"version":1,"checks":[{"id":...,"group":...,"severity":...,"title":...,"rules":[...],"limit_s":20,"explain":...}]}
std::string list_json(std::span<const Check* const> checks);
std::string explanation(const Check& check);

}  // namespace belay::conform
