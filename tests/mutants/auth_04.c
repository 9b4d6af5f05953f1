// check: AUTH-04
// Takes a token endpoint that is overloaded or away for one that refuses.
#include "good/good.h"

static belay_status renew(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   const belay_status status = good_refresh_credentials(instance, in, out, sink, error);
   if (out->outcome == BELAY_FAILED_TRANSIENT) out->outcome = BELAY_FAILED_PERMANENT;
   return status;
}

#define REFRESH_CREDENTIALS renew
#include "good/tables.h"
