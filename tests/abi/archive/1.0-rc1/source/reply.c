/* SPDX-License-Identifier: 0BSD
 *
 * Reads the reply: server-sent events become RAW events as they are, since the caller speaks the same wire; an unstreamed body is one RAW event.
 */
#include "acme.h"

#include <stdlib.h>
#include <string.h>

#define EVENT_LIMIT (16u << 20)
#define BODY_LIMIT (64u << 20)

int push(buffer *to, const void *from, size_t len) {
   if (to->room - to->len < len) {
      size_t room = (to->len + len) * 2;
      char *at = realloc(to->at, room);
      if (at == NULL) return 0;
      to->at = at;
      to->room = room;
   }
   if (len != 0) memcpy(to->at + to->len, from, len);
   to->len += len;
   return 1;
}

static belay_status emit_raw(const belay_sink *sink, const buffer *data, const buffer *name) {
   belay_event event = {.size = sizeof event, .type = BELAY_EVENT_RAW};
   event.a = (belay_str){data->at, data->len};
   if (name != NULL) event.b = (belay_str){name->at, name->len};
   return sink->emit(sink->host, &event);
}

static belay_status emit_error(const belay_sink *sink, uint32_t kind, int32_t status) {
   belay_failure failure = {.size = sizeof failure, .kind = kind, .status = status};
   belay_event event = {.size = sizeof event, .type = BELAY_EVENT_ERROR, .failure = &failure};
   return sink->emit(sink->host, &event);
}

/* A blank line ends an event. */
static belay_status dispatch(reply *r, const belay_sink *sink) {
   belay_status status = BELAY_OK;
   if (r->has_data) {
      status = emit_raw(sink, &r->data, &r->name);
      r->any = 1;
      r->done = status != BELAY_OK || (r->data.len == 6 && memcmp(r->data.at, "[DONE]", 6) == 0);
   }
   r->data.len = r->name.len = 0;
   r->has_data = 0;
   return status;
}

static belay_status end_line(reply *r, const belay_sink *sink) {
   const char *text = r->line.at, *colon, *value;
   size_t len = r->line.len, name_len, value_len;
   int kept = 1;
   r->line.len = 0;
   if (len == 0) return dispatch(r, sink);
   colon = memchr(text, ':', len);
   name_len = colon != NULL ? (size_t)(colon - text) : len;
   value = colon != NULL ? colon + 1 : text + len;
   value_len = len - (size_t)(value - text);
   if (value_len != 0 && *value == ' ') ++value, --value_len;
   if (name_len == 4 && memcmp(text, "data", 4) == 0) {
      if (r->has_data) kept = push(&r->data, "\n", 1);
      r->has_data = 1;
      kept = kept && push(&r->data, value, value_len);
   } else if (name_len == 5 && memcmp(text, "event", 5) == 0) {
      r->name.len = 0;
      kept = push(&r->name, value, value_len);
   }
   return kept ? BELAY_OK : BELAY_ERR_INTERNAL;
}

belay_status reply_chunk(reply *r, belay_bytes piece, const belay_sink *sink) {
   uint64_t i;
   while (!r->begun && piece.len != 0) {
      if (*piece.ptr == 0 || strchr(" \t\r\n\xEF\xBB\xBF", *piece.ptr) == NULL) { /* a byte order mark means nothing either */
         r->begun = 1;
         if (*piece.ptr == '{') r->streamed = 0; /* some servers answer a streamed request with one object */
      } else {
         ++piece.ptr, --piece.len;
      }
   }
   if (!r->streamed) {
      if (r->body.len + piece.len > BODY_LIMIT) return BELAY_ERR_PROTOCOL;
      return push(&r->body, piece.ptr, piece.len) ? BELAY_OK : BELAY_ERR_INTERNAL;
   }
   for (i = 0; i < piece.len && !r->done; ++i) {
      const char c = (char)piece.ptr[i];
      const int second = c == '\n' && r->after_cr;
      r->after_cr = c == '\r';
      if (second) continue;
      if (c == '\r' || c == '\n') {
         const belay_status status = end_line(r, sink);
         if (status != BELAY_OK) return status;
      } else if (r->line.len + r->data.len >= EVENT_LIMIT) {
         return BELAY_ERR_PROTOCOL;
      } else if (!push(&r->line, &c, 1)) {
         return BELAY_ERR_INTERNAL;
      }
   }
   return BELAY_OK;
}

belay_status reply_finish(reply *r, uint32_t how, const belay_sink *sink) {
   belay_status status = BELAY_OK;
   if (r->done || how < BELAY_FINISH_COMPLETE || how >= BELAY_FINISH_FAILED) return BELAY_OK;
   if (how != BELAY_FINISH_COMPLETE) return emit_error(sink, BELAY_FAILURE_CUT, r->status);
   if (!r->streamed && r->body.len != 0) return emit_raw(sink, &r->body, NULL);
   if (r->streamed && r->line.len != 0) status = end_line(r, sink);
   if (r->streamed && status == BELAY_OK) status = dispatch(r, sink);
   return status == BELAY_OK && !r->any ? emit_error(sink, BELAY_FAILURE_INVALID, r->status) : status;
}

void reply_free(reply *r) {
   free(r->line.at);
   free(r->data.at);
   free(r->name.at);
   free(r->body.at);
}
