// fires: THRD-06
// Has a thread that goes on when everything was destroyed.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <unistd.h>

#include "good/good.h"

static void *forever(void *nothing) {
   for (;;) sleep(1);
   return nothing;
}

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   static int started;
   pthread_t thread;
   if (!started++ && pthread_create(&thread, NULL, forever, NULL) == 0) pthread_detach(thread);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
