// The checks of loading that call the plugin; load.cpp has the table and those that look at the file.
#pragma once

#include "check.hpp"
#include "drive/subject.hpp"

namespace belay::conform {

void entry_again(Case&);    // LOAD-05
void other_majors(Case&);   // LOAD-06
void other_sizes(Case&);    // LOAD-07
void fast_scan(Case&);      // LOAD-09
void two_copies(Case&);     // LOAD-11

}  // namespace belay::conform
