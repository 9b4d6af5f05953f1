// fires: LIFE-10 AUTH-06
// Has a thread that ends the process with 0 a moment later, whatever the check is doing then.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "good/good.h"

static void *soon(void *nothing) {
   const struct timespec a_moment = {0, 50000000};
   nanosleep(&a_moment, NULL);
   _exit(0);
   return nothing;
}

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   pthread_t thread;
   if (pthread_create(&thread, NULL, soon, NULL) == 0) pthread_detach(thread);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
