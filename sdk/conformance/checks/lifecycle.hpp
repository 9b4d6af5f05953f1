// The questions of LIFE-01 .. 10; the table that says what they are for stands in lifecycle.cpp.
#pragma once

#include "check.hpp"

namespace belay::conform {

// lifecycle_states.cpp
void create_and_destroy_do_not_grow(Case&);
void nothing_but_ends(Case&);
void ends_in_every_state(Case&);
// lifecycle_configs.cpp
void bad_configurations_are_refused(Case&);
void instances_do_not_share(Case&);
void host_services_may_be_absent(Case&);
// lifecycle_quiet.cpp
void create_does_no_io(Case&);
void what_is_lent_is_not_written_to(Case&);
// lifecycle_end.cpp
void process_ends_tidily(Case&);
void nothing_comes_after_destroy(Case&);

}  // namespace belay::conform
