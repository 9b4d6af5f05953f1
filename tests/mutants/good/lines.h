/* SPDX-License-Identifier: 0BSD
 *
 * Server-sent events out of pieces that are cut anywhere.
 */
#ifndef GOOD_LINES_H
#define GOOD_LINES_H

#include "text.h"

#ifndef EVENT_LIMIT
#define EVENT_LIMIT (16u << 20)
#endif
#ifndef BODY_LIMIT
#define BODY_LIMIT (64u << 20)
#endif

typedef struct lines {
   buffer hold;  /* the data of the event so far, then the line so far */
   size_t data;  /* how much of it is data */
   buffer name;
   int has_data, after_cr; /* after_cr: the last byte was CR, an LF now belongs to it */
} lines;

/* Whom whole events go to. STOP: no more. */
typedef belay_status (*on_event)(void *owner, belay_str name, belay_str data);

GOOD belay_str trimmed(belay_str text) {
   while (text.len != 0 && strchr(" \t\r\n", text.ptr[0]) != NULL && text.ptr[0] != 0) ++text.ptr, --text.len;
   while (text.len != 0 && strchr(" \t\r\n", text.ptr[text.len - 1]) != NULL && text.ptr[text.len - 1] != 0) --text.len;
   return text;
}

/* A blank line ends an event; one without data is a keep-alive. */
GOOD belay_status lines_dispatch(lines *l, on_event then, void *owner) {
   belay_status status = BELAY_OK;
   if (l->has_data) {
      const belay_str data = trimmed((belay_str){l->hold.at, l->data});
      if (data.len != 0) status = then(owner, text_of(&l->name), data);
   }
   l->hold.len = l->data = l->name.len = 0;
   l->has_data = 0;
   return status;
}

GOOD belay_status lines_end_line(lines *l, on_event then, void *owner) {
   char *line = l->hold.at + l->data;
   const size_t len = l->hold.len - l->data;
   const char *colon, *value;
   size_t name_len, value_len;
   if (len == 0) return lines_dispatch(l, then, owner);
   colon = memchr(line, ':', len);
   name_len = colon != NULL ? (size_t)(colon - line) : len;
   value = colon != NULL ? colon + 1 : line + len;
   value_len = len - (size_t)(value - line);
   if (value_len != 0 && *value == ' ') ++value, --value_len;
   l->hold.len = l->data;
   if (name_len == 4 && memcmp(line, "data", 4) == 0) {
      if (l->has_data) *line++ = '\n', ++l->hold.len; /* there is room: "data" stood here */
      memmove(line, value, value_len);
      l->hold.len += value_len;
      l->data = l->hold.len;
      l->has_data = 1;
   } else if (name_len == 5 && memcmp(line, "event", 5) == 0) {
      l->name.len = 0;
      if (!push(&l->name, value, value_len)) return BELAY_ERR_INTERNAL;
   }
   return BELAY_OK;
}

GOOD belay_status lines_feed(lines *l, belay_bytes piece, on_event then, void *owner) {
   const char *at = (const char *)piece.ptr, *const end = at + piece.len;
   while (at != end) {
      const char *stop = at;
      if (*at == '\n' && l->after_cr) {
         l->after_cr = 0;
         ++at;
         continue;
      }
      while (stop != end && *stop != '\r' && *stop != '\n') ++stop;
      if (l->hold.len + (size_t)(stop - at) > EVENT_LIMIT) return BELAY_ERR_PROTOCOL;
      if (!push(&l->hold, at, (size_t)(stop - at))) return BELAY_ERR_INTERNAL;
      l->after_cr = 0;
      if (stop == end) break;
      l->after_cr = *stop == '\r';
      at = stop + 1;
      {
         const belay_status status = lines_end_line(l, then, owner);
         if (status != BELAY_OK) return status;
      }
   }
   return BELAY_OK;
}

/* The reply is whole: a last event whose blank line is missing counts. */
GOOD belay_status lines_finish(lines *l, on_event then, void *owner) {
   belay_status status = BELAY_OK;
   if (l->hold.len > l->data) status = lines_end_line(l, then, owner);
   return status == BELAY_OK ? lines_dispatch(l, then, owner) : status;
}

GOOD void lines_free(lines *l) {
   drop(&l->hold);
   drop(&l->name);
}

#endif
