// check: THRD-06
// implies: MEM-03
// The first finish() starts a worker that nobody ends.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <unistd.h>

#include "good/good.h"

static void *worker(void *nothing) {
   for (;;) pause();
   return nothing;
}

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   static int started;
   pthread_t thread;
   if (__atomic_exchange_n(&started, 1, __ATOMIC_RELAXED) == 0 && pthread_create(&thread, NULL, worker, NULL) == 0) pthread_detach(thread);
   return good_finish(handle, how, sink, error);
}

#define FINISH finish
#include "good/tables.h"
