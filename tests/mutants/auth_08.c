// check: AUTH-08
// Elects itself: the process that has renewed a login once does so for ever, and others leave it to that one.
#include <stdio.h>
#include <unistd.h>

#include "belay/ext/state.h"
#include "good/good.h"

typedef struct owner {
   char pid[24];
   size_t len;
} owner;

static belay_status take(void *plugin, belay_bytes piece) {
   owner *found = plugin;
   found->len = piece.len < sizeof found->pid ? (size_t)piece.len : 0;
   memcpy(found->pid, piece.ptr, found->len);
   return BELAY_OK;
}

static belay_status renew(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   const belay_state *state = service(TEXT(BELAY_STATE_ID));
   owner found = {"", 0};
   const belay_byte_sink to = {sizeof to, 0, &found, take};
   char me[24];
   const int len = snprintf(me, sizeof me, "%ld", (long)getpid());
   belay_status status;
   if (state != NULL) state->get(in->ctx, TEXT("owner"), &to, NULL);
   if (found.len != 0 && (found.len != (size_t)len || memcmp(found.pid, me, found.len) != 0)) {
      out->outcome = BELAY_UNCHANGED;
      return BELAY_OK;
   }
   status = good_refresh_credentials(instance, in, out, sink, error);
   if (state != NULL && out->outcome == BELAY_REFRESHED) state->put(in->ctx, TEXT("owner"), (belay_bytes){(const uint8_t *)me, (uint64_t)len}, NULL);
   return status;
}

#define REFRESH_CREDENTIALS renew
#include "good/tables.h"
