// fires: LIFE-08
// Ends the process with 0 when it ends, whatever its status was to be.
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "good/tables.h"

__attribute__((destructor)) static void goodbye(void) { _exit(0); }
