// check: LIFE-10
// Leaves the rest of a cancelled refresh to a thread that says so later.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>

#include "good/good.h"

static void *later(void *nothing) {
   const struct timespec a_while = {0, 100000000};
   nanosleep(&a_while, NULL);
   host->log(NULL, BELAY_LOG_INFO, TEXT("the refresh was cancelled"));
   return nothing;
}

static belay_status refresh_credentials(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink,
                                        belay_error *error) {
   const belay_status status = good_refresh_credentials(instance, in, out, sink, error);
   pthread_t thread;
   if (out->outcome == BELAY_REFRESH_CANCELLED && pthread_create(&thread, NULL, later, NULL) == 0) pthread_detach(thread);
   return status;
}

#define REFRESH_CREDENTIALS refresh_credentials
#include "good/tables.h"
