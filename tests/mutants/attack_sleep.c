// fires: REQ-01
// Sleeps for a day.
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   sleep(86400);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
