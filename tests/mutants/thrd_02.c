// check: THRD-02
// Refuses to go on on another thread than the one that began.
#include <pthread.h>

#include "good/good.h"

static uint32_t this_thread(void) { return (uint32_t)((uintptr_t)pthread_self() >> 4); }

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                          belay_error *error) {
   const belay_status status = good_begin(instance, request, credential, out, error);
   if (status == BELAY_OK) self(*out)->usage.flags = this_thread(); /* no one else needs the flags */
   return status;
}

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   if (self(handle)->usage.flags != this_thread()) return fail(error, BELAY_ERR_INTERNAL, "this is not the thread that began");
   return good_finish(handle, how, sink, error);
}

#define BEGIN begin
#define FINISH finish
#include "good/tables.h"
