// check: STRM-10
// implies: ERR-01 FUZZ-01
// Ends well what has begun where upstream tells an error.
#include "good/good.h"

static belay_status emit_changed(exchange *x, const belay_sink *to, belay_event *event) {
   if (x->started && event->type == BELAY_EVENT_ERROR && event->failure->kind == BELAY_FAILURE_IN_REPLY) {
      event->type = BELAY_EVENT_STOP;
      event->num = BELAY_STOPPED_END;
      event->failure = NULL;
   }
   return to->emit(to->host, event);
}

#define EMIT emit_changed
#include "good/between.h"

#define ON_RESPONSE_HEAD between_head
#define ON_BODY_CHUNK between_chunk
#define FINISH between_finish
#include "good/tables.h"
