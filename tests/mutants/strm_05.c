// check: STRM-05
// implies: FUZZ-02
// Cuts texts in two at a byte.
#include "good/good.h"

static belay_status emit_changed(exchange *x, const belay_sink *to, belay_event *event) {
   (void)x;
   if (event->type == BELAY_EVENT_TEXT && event->a.len > 1) {
      belay_event first = *event;
      first.a.len = event->a.len / 2;
      event->a.ptr += first.a.len;
      event->a.len -= first.a.len;
      if (to->emit(to->host, &first) != BELAY_OK) return BELAY_STOP;
   }
   return to->emit(to->host, event);
}

#define EMIT emit_changed
#include "good/between.h"

#define ON_RESPONSE_HEAD between_head
#define ON_BODY_CHUNK between_chunk
#define FINISH between_finish
#include "good/tables.h"
