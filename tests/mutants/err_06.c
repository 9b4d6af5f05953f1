// check: ERR-06
// Takes an end that it does not know for a good one.
#include "good/good.h"

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   return good_finish(handle, how > BELAY_FINISH_FAILED ? BELAY_FINISH_COMPLETE : how, sink, error);
}

#define FINISH finish
#include "good/tables.h"
