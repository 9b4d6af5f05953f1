// fires: STRM-01 REQ-01
// Stops the process that watches over it, so that nobody ends it.
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   kill(getppid(), SIGSTOP);
   for (;;) pause();
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
