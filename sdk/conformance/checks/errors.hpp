// The checks of failures and of what a plugin says about them; the table stands in errors.cpp.
#pragma once

#include "check.hpp"

namespace belay::conform {

void err_01(Case&);  // errors_meaning.cpp
void err_02(Case&);
void err_03(Case&);
void err_04(Case&);  // errors_texts.cpp
void err_05(Case&);  // errors_barrier.cpp
void err_06(Case&);

}  // namespace belay::conform
