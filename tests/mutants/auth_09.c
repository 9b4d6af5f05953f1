// check: AUTH-09
// A token whose lifetime is not told has run out already.
#include "good/good.h"

static belay_status renew(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   const belay_status status = good_refresh_credentials(instance, in, out, sink, error);
   if (out->outcome == BELAY_REFRESHED && out->expires_unix_ms == 0) out->expires_unix_ms = host->unix_ms();
   return status;
}

#define REFRESH_CREDENTIALS renew
#include "good/tables.h"
