// check: AUTH-05
// Gives back the same key as a new one.
#include "good/good.h"

static belay_status renew(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   const belay_str key = field_value(in->fields, "secret");
   if (!IS(in->type, "api_key") || key.len == 0) return good_refresh_credentials(instance, in, out, sink, error);
   out->outcome = BELAY_REFRESHED;
   return sink->emit(sink->host, TEXT("secret"), key, BELAY_SECRET);
}

#define REFRESH_CREDENTIALS renew
#include "good/tables.h"
