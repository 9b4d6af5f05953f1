// check: ERR-03
// Takes every page for one that asks to log in.
#include "good/good.h"

static belay_status classify(belay_instance *instance, const belay_failure *failure, belay_classification *out) {
   const belay_status status = good_classify_error(instance, failure, out);
   if (failure->body.len != 0 && failure->body.ptr[0] == '<') out->reason = BELAY_REASON_AUTH_REJECTED;
   return status;
}

#define CLASSIFY_ERROR classify
#include "good/tables.h"
