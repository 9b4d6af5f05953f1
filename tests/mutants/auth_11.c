// check: AUTH-11
// Notes that it is refreshing, and takes such a note of a process that died for the end of the login.
#include "belay/ext/state.h"
#include "good/good.h"

static belay_status take(void *plugin, belay_bytes piece) {
   *(int *)plugin = piece.len != 0;
   return BELAY_OK;
}

static belay_status renew(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   const belay_state *state = service(TEXT(BELAY_STATE_ID));
   int found = 0;
   const belay_byte_sink to = {sizeof to, 0, &found, take};
   belay_status status;
   if (state == NULL) return good_refresh_credentials(instance, in, out, sink, error);
   state->get(in->ctx, TEXT("refreshing"), &to, NULL);
   if (found) {
      out->outcome = BELAY_NEEDS_INTERACTION;
      return BELAY_OK;
   }
   state->put(in->ctx, TEXT("refreshing"), (belay_bytes){(const uint8_t *)"1", 1}, NULL);
   status = good_refresh_credentials(instance, in, out, sink, error);
   state->put(in->ctx, TEXT("refreshing"), (belay_bytes){NULL, 0}, NULL);
   return status;
}

#define REFRESH_CREDENTIALS renew
#include "good/tables.h"
