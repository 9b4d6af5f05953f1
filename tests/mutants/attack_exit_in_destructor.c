// fires: LIFE-08
// The same through exit() once more.
#include "good/tables.h"

__attribute__((destructor)) static void goodbye(void) { exit(0); }
