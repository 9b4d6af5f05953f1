// check: STRM-07
// Tells one token less than there were.
#include "good/good.h"

static belay_status emit_changed(exchange *x, const belay_sink *to, belay_event *event) {
   belay_usage less;
   (void)x;
   if (event->type == BELAY_EVENT_USAGE) {
      less = *event->usage;
      if (less.completion > 0) --less.completion;
      event->usage = &less;
   }
   return to->emit(to->host, event);
}

#define EMIT emit_changed
#include "good/between.h"

#define ON_RESPONSE_HEAD between_head
#define ON_BODY_CHUNK between_chunk
#define FINISH between_finish
#include "good/tables.h"
