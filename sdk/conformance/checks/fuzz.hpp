// The questions of FUZZ-01 .. 06; the table that says what they are for stands in fuzz.cpp.
#pragma once

#include "check.hpp"

namespace belay::conform {

// fuzz_replies.cpp
void random_replies(Case&);
void mutated_cassettes(Case&);
// fuzz_extremes.cpp
void extreme_replies(Case&);
void hostile_headers(Case&);
// fuzz_calls.cpp
void random_call_sequences(Case&);
// fuzz_configs.cpp
void hostile_configurations(Case&);

}  // namespace belay::conform
