// check: CANC-01
// implies: FUZZ-01 FUZZ-02
// Never listens to what the sink answers.
#include "good/good.h"

static belay_status emit_deaf(exchange *x, const belay_sink *to, belay_event *event) {
   (void)x;
   to->emit(to->host, event);
   return BELAY_OK;
}

#define EMIT emit_deaf
#include "good/between.h"

#define ON_RESPONSE_HEAD between_head
#define ON_BODY_CHUNK between_chunk
#define FINISH between_finish
#include "good/tables.h"
