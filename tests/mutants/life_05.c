// check: LIFE-05
// Tells of a failure in finish(FAILED), of which the host knows already.
#include "good/good.h"

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   exchange *x = self(handle);
   if (how == BELAY_FINISH_FAILED && x->status != 0 && !x->over) {
      x->sink = sink;
      say_no_reply(x, BELAY_FAILURE_CUT, TEXT(""));
   }
   return good_finish(handle, how, sink, error);
}

#define FINISH finish
#include "good/tables.h"
