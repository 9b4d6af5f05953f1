// check: LOAD-04
// Sets a signal's handler while it is being mapped.
#define _POSIX_C_SOURCE 200809L
#include <signal.h>

#include "good/tables.h"

__attribute__((constructor)) static void hello(void) { signal(SIGUSR2, SIG_DFL); }
