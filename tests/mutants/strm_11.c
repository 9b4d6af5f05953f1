// check: STRM-11
// implies: STRM-01
// Has no reasoning in replies that come in one.
#include "good/good.h"

static belay_status emit_changed(exchange *x, const belay_sink *to, belay_event *event) {
   if (event->type == BELAY_EVENT_REASONING && x->kind == is_body) return BELAY_OK;
   return to->emit(to->host, event);
}

#define EMIT emit_changed
#include "good/between.h"

#define ON_RESPONSE_HEAD between_head
#define ON_BODY_CHUNK between_chunk
#define FINISH between_finish
#include "good/tables.h"
