// check: PERF-02
// build_request() computes for 10 ms.
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "good/good.h"

static int64_t processor_ns(void) {
   struct timespec now;
   clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
   return now.tv_sec * (int64_t)1000000000 + now.tv_nsec;
}

static belay_status build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   static int calls; /* not for ever: other checks make ten thousand */
   const int64_t until = processor_ns() + 10 * (int64_t)1000000;
   if (__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) <= 30) {
      while (processor_ns() < until) {
      }
   }
   return good_build_request(handle, writer, error);
}

#define BUILD_REQUEST build_request
#include "good/tables.h"
