// check: AUTH-06
// Takes a little rest when it was cancelled.
#include <time.h>

#include "good/good.h"

static belay_status renew(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   const belay_status status = good_refresh_credentials(instance, in, out, sink, error);
   const struct timespec rest = {0, 300000000};
   if (host->cancelled(in->cancel)) nanosleep(&rest, NULL);
   return status;
}

#define REFRESH_CREDENTIALS renew
#include "good/tables.h"
