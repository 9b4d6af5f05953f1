// The checks of what goes out; the table stands in request.cpp.
#pragma once

#include "check.hpp"

namespace belay::conform {

void req_01(Case&);  // request_bytes.cpp
void req_02(Case&);
void req_03(Case&);  // request_secrets.cpp
void req_04(Case&);  // request_bodies.cpp
void req_05(Case&);
void req_06(Case&);  // request_bytes.cpp

}  // namespace belay::conform
