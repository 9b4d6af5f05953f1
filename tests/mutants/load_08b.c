// check: LOAD-08
// link: -Wl,-z,execstack
// Wants an executable stack.
#include "good/tables.h"
