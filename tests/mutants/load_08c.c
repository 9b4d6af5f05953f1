// check: LOAD-08
// link: -Wl,-z,notext
// Has an address in its code, which is written to while it is loaded.
#include "good/tables.h"

__asm__(".text\n"
        ".balign 8\n"
        ".quad operations\n");
