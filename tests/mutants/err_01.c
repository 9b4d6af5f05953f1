// check: ERR-01
// Tells an account without money as a rate limit.
#include "good/good.h"

static belay_status classify(belay_instance *instance, const belay_failure *failure, belay_classification *out) {
   const belay_status status = good_classify_error(instance, failure, out);
   if (failure->status == 429 && out->reason == BELAY_REASON_QUOTA_EXHAUSTED) out->reason = BELAY_REASON_RATE_LIMITED;
   return status;
}

#define CLASSIFY_ERROR classify
#include "good/tables.h"
