// check: CANC-03
// Blames the server for the host's patience.
#include "good/good.h"

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   exchange *x = self(handle);
   belay_failure failure;
   if (how != BELAY_FINISH_TIMEOUT || x->over) return good_finish(handle, how, sink, error);
   memset(&failure, 0, sizeof failure);
   failure.kind = BELAY_FAILURE_IN_REPLY;
   failure.code = TEXT("server_error");
   x->sink = sink;
   say_failed(x, &failure);
   return BELAY_OK;
}

#define FINISH finish
#include "good/tables.h"
