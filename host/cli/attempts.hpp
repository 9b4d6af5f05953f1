// A trace told to a person: the table of attempts, and what to do next.
#pragma once

#include <cstdint>
#include <string>

#include "fallback/trace.hpp"
#include "screen.hpp"

namespace belay::cli {

/// "812 ms", "4.2 s", "2 min 5 s": how long something took.
std::string took(std::int64_t ms);

/// "p/m#main"; without the id where there is none.
std::string target_of(const fallback::Attempt& attempt);

/// "401 auth_rejected", "unreachable", "answered".
std::string happened(const fallback::Attempt& attempt);

/// "refresh failed_permanent, next_target, held 10 min".
std::string then_of(const fallback::Attempt& attempt);

/// All attempts in order, then the targets that were skipped. Empty when there were none of either.
std::string attempts_table(const fallback::Trace& trace, const Screen& screen);

/// "spare/m1 answered; openrouter/big was left: auth_rejected". Empty when the first choice answered.
std::string switch_notice(const fallback::Trace& trace);

/// What a person can do about a failed call, one line each; may be empty.
std::string next_steps(const fallback::Trace& trace);

}  // namespace belay::cli
