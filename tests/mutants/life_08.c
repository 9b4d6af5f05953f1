// check: LIFE-08
// Has a destructor that ends the process in its own way.
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "good/good.h"

__attribute__((destructor)) static void goodbye(void) { _exit(1); }

#include "good/tables.h"
