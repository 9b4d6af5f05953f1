// fires: STRM-01 REQ-01
// Leaves a process behind in a session of its own, which has the descriptors open, and goes on as if nothing had been.
#define _XOPEN_SOURCE 700
#include <signal.h>
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   static int forked;
   if (!forked++ && fork() == 0) {
      setsid();
      signal(SIGTERM, SIG_IGN);
      if (fork() != 0) _exit(0);
      for (;;) sleep(100);
   }
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
