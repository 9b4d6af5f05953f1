// fires: REQ-01
// A chain of processes, each of which forks the next one and ends: whoever counts them is always late.
#define _XOPEN_SOURCE 700
#include <time.h>
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   static int forked;
   if (!forked++ && fork() == 0) {
      const struct timespec a_moment = {0, 500000};
      setsid();
      for (;;) {
         if (fork() != 0) _exit(0);
         nanosleep(&a_moment, NULL);
      }
   }
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
