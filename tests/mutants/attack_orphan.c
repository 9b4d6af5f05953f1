// fires: REQ-01
// Takes back that it is ended with its parent, leaves its session's group, and waits.
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   prctl(PR_SET_PDEATHSIG, 0);
   prctl(PR_SET_NAME, "innocent (yes)");
   if (fork() == 0) {
      setsid();
      for (;;) sleep(100);
   }
   for (;;) sleep(100);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
