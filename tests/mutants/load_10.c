// check: LOAD-10
// Uses a function that libc has for itself.
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "good/good.h"

int __clock_gettime(clockid_t clock, struct timespec *now);

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   struct timespec now;
   return __clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? good_create(config, out, error) : BELAY_ERR_INTERNAL;
}

#define CREATE create
#include "good/tables.h"
