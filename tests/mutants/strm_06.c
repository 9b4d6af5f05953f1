// check: STRM-06
// Loses what comes of the arguments after three bytes of a piece.
#include "good/good.h"

static belay_status emit_changed(exchange *x, const belay_sink *to, belay_event *event) {
   (void)x;
   if (event->type == BELAY_EVENT_TOOL_ARGS && event->a.len > 3) event->a.len = 3;
   return to->emit(to->host, event);
}

#define EMIT emit_changed
#include "good/between.h"

#define ON_RESPONSE_HEAD between_head
#define ON_BODY_CHUNK between_chunk
#define FINISH between_finish
#include "good/tables.h"
