// The questions of MEM-01 .. 06; the table that says what they are for stands in memory.cpp.
#pragma once

#include "check.hpp"

namespace belay::conform {

// memory_heap.cpp
void nothing_leaks(Case&);
void heap_stays_flat(Case&);
void failed_allocations_are_survived(Case&);
// memory_process.cpp
void holdings_are_given_back(Case&);
void process_state_stays(Case&);
void stdio_is_left_alone(Case&);

}  // namespace belay::conform
