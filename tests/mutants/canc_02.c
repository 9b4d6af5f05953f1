// check: CANC-02
// Tells a reply of which it has not even seen the head as a whole one when it is cancelled.
#include "good/good.h"

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   exchange *x = self(handle);
   if (how == BELAY_FINISH_CANCELLED && x->status == 0) {
      belay_event event = event_of(BELAY_EVENT_MESSAGE_START);
      x->sink = sink;
      if (say(x, &event) == BELAY_OK) say_stop(x);
      return BELAY_OK;
   }
   return good_finish(handle, how, sink, error);
}

#define FINISH finish
#include "good/tables.h"
