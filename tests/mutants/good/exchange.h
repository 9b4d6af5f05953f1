/* SPDX-License-Identifier: 0BSD
 *
 * What an instance and an exchange consist of.
 */
#ifndef GOOD_EXCHANGE_H
#define GOOD_EXCHANGE_H

#include "belay/ext/json.h"
#include "lines.h"

/* One configured account. */
typedef struct account {
   buffer url;
} account;

enum kind { undecided, is_body, is_events };

typedef struct exchange {
   const account *owner;
   const belay_request *request;
   const belay_credential *credential; /* NULL: keyless */
   int raw;                            /* the caller speaks our wire */
   int32_t status;
   int declared_events; /* the head says that it is a stream */
   enum kind kind;
   lines lines;
   buffer body;
   int over;    /* a terminal event was emitted, the end mark seen, or the host wants no more */
   int any;     /* an event came */
   int started; /* MESSAGE_START was emitted */
   int whole;   /* a finish reason was seen */
   int mark;    /* never used here: a mutant's own */
   buffer reason, tools; /* tools: upstream's index of each call, an int64_t each */
   belay_usage usage;
   const belay_sink *sink; /* of the call that is under way */
} exchange;

GOOD exchange *self(belay_exchange *handle) { return (exchange *)handle; }

GOOD belay_event event_of(uint32_t type) {
   belay_event event = {sizeof(belay_event), 0, 0, 0, {NULL, 0}, {NULL, 0}, 0, NULL, NULL};
   event.type = type;
   return event;
}

/* STOP: emit nothing more. */
GOOD belay_status say(exchange *x, const belay_event *event) {
   if (x->over) return BELAY_STOP;
   if (x->sink->emit(x->sink->host, event) != BELAY_OK) x->over = 1;
   return x->over ? BELAY_STOP : BELAY_OK;
}

/* The last event: why there is no reply. */
GOOD belay_status say_failed(exchange *x, belay_failure *failure) {
   belay_event event = event_of(BELAY_EVENT_ERROR);
   failure->size = sizeof *failure;
   failure->status = x->status;
   event.failure = failure;
   say(x, &event);
   x->over = 1;
   return BELAY_STOP;
}

GOOD belay_status say_no_reply(exchange *x, uint32_t kind, belay_str body) {
   belay_failure failure;
   memset(&failure, 0, sizeof failure);
   failure.kind = kind;
   failure.body = (belay_bytes){(const uint8_t *)body.ptr, body.len};
   return say_failed(x, &failure);
}

#endif
