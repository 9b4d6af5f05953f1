// check: STRM-14
// Goes on reading behind the end mark.
#include "good/good.h"

#define EMIT emit_watching

/* `whole` has no other meaning in a raw reply. */
static belay_status emit_watching(exchange *x, const belay_sink *to, belay_event *event) {
   const belay_status status = to->emit(to->host, event);
   if (status == BELAY_OK && event->type == BELAY_EVENT_RAW && IS(event->a, "[DONE]")) x->whole = 1;
   return status;
}

#include "good/between.h"

static belay_status chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   const belay_status status = between_chunk(handle, piece, sink, error);
   exchange *x = self(handle);
   if (!x->raw || !x->whole) return status;
   x->whole = x->over = 0;
   return BELAY_OK;
}

#define ON_BODY_CHUNK chunk
#include "good/tables.h"
