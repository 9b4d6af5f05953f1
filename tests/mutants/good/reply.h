/* SPDX-License-Identifier: 0BSD
 *
 * The reply of either wire: raw events for who speaks it, the events of chat.h for others.
 */
#ifndef GOOD_REPLY_H
#define GOOD_REPLY_H

#include "chat.h"

GOOD belay_status say_raw(exchange *x, belay_str data, belay_str name) {
   belay_event event = event_of(BELAY_EVENT_RAW);
   event.a = data;
   event.b = name;
   return say(x, &event);
}

/* The whole body of a reply that was no stream. */
GOOD belay_status on_whole_body(exchange *x) {
   const belay_str body = text_of(&x->body);
   if (!x->raw) return on_chat(x, (belay_str){NULL, 0}, body);
   say_raw(x, body, (belay_str){NULL, 0});
   x->over = 1;
   return BELAY_STOP;
}

GOOD belay_status on_stream_event(void *owner, belay_str name, belay_str data) {
   exchange *x = owner;
   x->any = 1;
   if (!x->raw) return on_chat(x, name, data);
   if (IS(name, "error")) return say_no_reply(x, BELAY_FAILURE_IN_REPLY, data);
   say_raw(x, data, name);
   if (IS(data, "[DONE]")) x->over = 1;
   return x->over ? BELAY_STOP : BELAY_OK;
}

GOOD int is_event_stream(belay_str type) {
   static const char wanted[] = "text/event-stream";
   size_t i;
   if (type.len < sizeof wanted - 1) return 0;
   for (i = 0; i < sizeof wanted - 1; ++i) {
      const char c = type.ptr[i];
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != wanted[i]) return 0;
   }
   return 1;
}

/* By what it looks like: servers answer a streamed request with one object and the other way round. White space and a byte order mark mean nothing. */
GOOD void decide(exchange *x, belay_bytes *piece) {
   const int streamed = (x->request->flags & BELAY_REQUEST_STREAM) != 0 || x->declared_events;
   for (; piece->len != 0; ++piece->ptr, --piece->len) {
      const uint8_t c = *piece->ptr;
      if (c != 0 && strchr(" \t\r\n\xEF\xBB\xBF", c) != NULL) continue;
      x->kind = streamed && c != '{' && c != '[' && c != '<' ? is_events : is_body;
      return;
   }
}

/* OK, STOP, or why there can be no reply. */
GOOD belay_status read_piece(exchange *x, belay_bytes piece) {
   belay_status status = BELAY_OK;
   if (x->over) return BELAY_OK;
   if (x->kind == undecided) decide(x, &piece);
   if (x->kind == is_events) {
      status = lines_feed(&x->lines, piece, on_stream_event, x);
   } else if (x->body.len + piece.len > BODY_LIMIT) {
      status = BELAY_ERR_PROTOCOL;
   } else if (!push(&x->body, piece.ptr, (size_t)piece.len)) {
      status = BELAY_ERR_INTERNAL;
   }
   if (status < 0) x->over = 1;
   return status;
}

GOOD belay_status end_reply(exchange *x, uint32_t how) {
   belay_status status = BELAY_OK;
   if (x->over || how < BELAY_FINISH_COMPLETE || how >= BELAY_FINISH_FAILED) return BELAY_OK;
   if (how == BELAY_FINISH_COMPLETE) {
      if (x->kind == is_body) status = on_whole_body(x);
      if (x->kind == is_events) status = lines_finish(&x->lines, on_stream_event, x);
      if (x->over || status < 0) return status < 0 ? status : BELAY_OK;
   }
   if (x->whole) {
      say_stop(x);
   } else if (how != BELAY_FINISH_COMPLETE || x->started) {
      say_no_reply(x, BELAY_FAILURE_CUT, text_of(&x->body));
   } else if (!x->raw || !x->any) {
      say_no_reply(x, BELAY_FAILURE_INVALID, text_of(&x->body));
   }
   return BELAY_OK;
}

/* In a call that came with `sink`, which is good until that returns. */
GOOD belay_status reply_chunk(exchange *x, belay_bytes piece, const belay_sink *sink) {
   belay_status status;
   x->sink = sink;
   status = read_piece(x, piece);
   x->sink = NULL;
   return status;
}

GOOD belay_status reply_finish(exchange *x, uint32_t how, const belay_sink *sink) {
   belay_status status;
   x->sink = sink;
   status = end_reply(x, how);
   x->sink = NULL;
   return status;
}

GOOD void reply_free(exchange *x) {
   lines_free(&x->lines);
   drop(&x->body);
   drop(&x->reason);
   drop(&x->tools);
}

#endif
