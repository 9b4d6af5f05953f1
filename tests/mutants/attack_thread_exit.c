// fires: STRM-01 REQ-01
// Ends the thread that called it; the process then ends with 0 when its last thread does.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   if (config != NULL) pthread_exit(NULL);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
