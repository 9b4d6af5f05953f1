// check: THRD-05
// Reads a note of belay.state/1, which may mean a file, in the middle of an exchange.
#include "belay/ext/state.h"
#include "good/good.h"

static belay_status ignore(void *place, belay_bytes piece) {
   (void)place;
   (void)piece;
   return BELAY_OK;
}

static belay_status head_seen(belay_exchange *handle, const belay_head *head, const belay_sink *sink, belay_error *error) {
   const belay_state *state = service(TEXT(BELAY_STATE_ID));
   const belay_byte_sink to = {sizeof to, 0, NULL, ignore};
   if (state != NULL) state->get(NULL, TEXT("last-reply"), &to, NULL);
   return good_on_response_head(handle, head, sink, error);
}

#define ON_RESPONSE_HEAD head_seen
#include "good/tables.h"
