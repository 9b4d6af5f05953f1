// The questions of THRD-01 .. 06; the table that says what they are for stands in threads.cpp.
#pragma once

#include "check.hpp"

namespace belay::conform {

// threads_parallel.cpp
void parallel_equals_serial(Case&);
void exchanges_move_between_threads(Case&);
void classify_is_concurrent(Case&);
// threads_refresh.cpp
void refresh_beside_exchanges(Case&);
void services_only_where_allowed(Case&);
void no_thread_survives(Case&);

}  // namespace belay::conform
