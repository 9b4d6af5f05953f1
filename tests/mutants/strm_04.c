// check: STRM-04
// implies: FUZZ-02
// Never says that a tool call has ended.
#include "good/good.h"

static belay_status emit_changed(exchange *x, const belay_sink *to, belay_event *event) {
   (void)x;
   if (event->type == BELAY_EVENT_TOOL_END) return BELAY_OK;
   return to->emit(to->host, event);
}

#define EMIT emit_changed
#include "good/between.h"

#define ON_RESPONSE_HEAD between_head
#define ON_BODY_CHUNK between_chunk
#define FINISH between_finish
#include "good/tables.h"
