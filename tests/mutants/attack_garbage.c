// fires: STRM-01 REQ-01 LIFE-05
// Writes garbage to every descriptor, and goes on as if nothing had been.
#define _XOPEN_SOURCE 700
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   char garbage[64];
   int fd;
   memset(garbage, 0xA5, sizeof garbage);
   for (fd = 0; fd < 1024; ++fd) {
      if (pwrite(fd, garbage, sizeof garbage, 0) < 0 && write(fd, garbage, sizeof garbage) < 0) continue;
   }
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
