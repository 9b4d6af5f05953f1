// check: THRD-04
// Exchanges wait while a refresh waits for its reply.
#define _POSIX_C_SOURCE 200809L
#include <sched.h>

#include "good/good.h"

static int refreshing;

static belay_status refresh(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink,
                            belay_error *error) {
   belay_status status;
   __atomic_store_n(&refreshing, 1, __ATOMIC_RELEASE);
   status = good_refresh_credentials(instance, in, out, sink, error);
   __atomic_store_n(&refreshing, 0, __ATOMIC_RELEASE);
   return status;
}

static belay_status build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   while (__atomic_load_n(&refreshing, __ATOMIC_ACQUIRE)) sched_yield();
   return good_build_request(handle, writer, error);
}

#define REFRESH_CREDENTIALS refresh
#define BUILD_REQUEST build_request
#include "good/tables.h"
