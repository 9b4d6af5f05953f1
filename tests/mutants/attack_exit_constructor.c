// fires: LIFE-07 LIFE-09
// Ends the process with 0 while it is being mapped.
#include "good/tables.h"

__attribute__((constructor)) static void hello(void) { exit(0); }
