/* SPDX-License-Identifier: 0BSD */
#ifndef ACME_H
#define ACME_H

#include "belay/plugin.h"

/* Bytes that grow. */
typedef struct buffer {
   char *at;
   size_t len, room;
} buffer;

/* A reply on its way: a stream's events one by one, or the whole body. All zero to begin with. */
typedef struct reply {
   int streamed;  /* the request asked for a stream */
   int begun;     /* white space before it has been passed */
   int any, done; /* an event was emitted; the end mark was seen */
   int after_cr;  /* the last byte was CR: an LF now belongs to it */
   int has_data;
   int32_t status;
   buffer line, data, name, body;
} reply;

/* A text from a literal, and a comparison with one. */
#define TEXT(literal) ((belay_str){literal, sizeof(literal) - 1})
#define IS(text, literal) ((text).len == sizeof(literal) - 1 && memcmp((text).ptr, literal, sizeof(literal) - 1) == 0)

int push(buffer *to, const void *from, size_t len); /* 0: no memory */
belay_status reply_chunk(reply *r, belay_bytes piece, const belay_sink *sink);
belay_status reply_finish(reply *r, uint32_t how, const belay_sink *sink);
void reply_free(reply *r);

#endif
