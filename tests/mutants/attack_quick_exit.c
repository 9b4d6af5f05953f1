// fires: STRM-01 ERR-01 LIFE-05
// Ends the process with 0 in create(), destructors left out.
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   if (config != NULL) _exit(0);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
