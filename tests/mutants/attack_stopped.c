// fires: REQ-01
// Stops itself: a signal that asks for a backtrace does not reach it.
#define _POSIX_C_SOURCE 200809L
#include <signal.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   raise(SIGSTOP);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
