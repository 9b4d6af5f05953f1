// fires: STRM-01 REQ-01 LIFE-05
// Closes every descriptor, and goes on as if nothing had been.
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   int fd;
   for (fd = 0; fd < 1024; ++fd) close(fd);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
