// check: STRM-09
// Thinks that every connection ends when the reply does.
#include "good/good.h"

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   return good_finish(handle, how == BELAY_FINISH_TRUNCATED ? BELAY_FINISH_COMPLETE : how, sink, error);
}

#define FINISH finish
#include "good/tables.h"
