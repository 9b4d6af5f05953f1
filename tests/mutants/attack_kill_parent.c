// fires: STRM-01 REQ-01
// Kills the process that watches over it, and that one's group.
#define _XOPEN_SOURCE 700
#include <signal.h>
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   kill(-getpgid(getppid()), SIGKILL);
   kill(getppid(), SIGKILL);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
