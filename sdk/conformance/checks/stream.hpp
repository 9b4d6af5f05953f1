// The checks of streamed and unstreamed replies; the table stands in stream.cpp.
#pragma once

#include "check.hpp"

namespace belay::conform {

void strm_01(Case&);  // stream_cuts.cpp
void strm_02(Case&);
void strm_03(Case&);
void strm_04(Case&);  // stream_events.cpp
void strm_05(Case&);
void strm_06(Case&);
void strm_07(Case&);
void strm_08(Case&);  // stream_spellings.cpp
void strm_09(Case&);  // stream_ends.cpp
void strm_10(Case&);
void strm_11(Case&);  // stream_events.cpp
void strm_12(Case&);  // stream_spellings.cpp
void strm_13(Case&);  // stream_cuts.cpp
void strm_14(Case&);  // stream_spellings.cpp

}  // namespace belay::conform
