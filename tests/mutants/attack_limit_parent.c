// fires: STRM-01 REQ-01
// Takes the processor time of the process that watches over it away.
#define _GNU_SOURCE
#include <sys/resource.h>
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   const struct rlimit none = {0, 0};
   prlimit(getppid(), RLIMIT_CPU, &none, NULL);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
