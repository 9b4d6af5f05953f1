/* SPDX-License-Identifier: 0BSD
 *
 * Texts, and bytes that grow: what the rest of the good provider is written in.
 */
#ifndef GOOD_TEXT_H
#define GOOD_TEXT_H

#include <stdlib.h>
#include <string.h>

#include "belay/plugin.h"

/* A mutant uses what it does not replace, and leaves the rest. */
#define GOOD static __attribute__((unused))

#define TEXT(literal) ((belay_str){literal, sizeof(literal) - 1})
#define STATIC_TEXT(literal) {literal, sizeof(literal) - 1}
#define IS(text, literal) ((text).len == sizeof(literal) - 1 && memcmp((text).ptr, literal, sizeof(literal) - 1) == 0)

typedef struct buffer {
   char *at;
   size_t len, room;
} buffer;

/* 0: no memory. */
GOOD int push(buffer *to, const void *from, size_t len) {
   if (to->room - to->len < len) {
      const size_t room = (to->len + len) * 3 / 2 + 16;
      char *at = realloc(to->at, room);
      if (at == NULL) return 0;
      to->at = at;
      to->room = room;
   }
   if (len != 0) memcpy(to->at + to->len, from, len);
   to->len += len;
   return 1;
}

GOOD int push_text(buffer *to, belay_str text) { return push(to, text.ptr, (size_t)text.len); }

GOOD void drop(buffer *b) {
   free(b->at);
   b->at = NULL;
   b->len = b->room = 0;
}

GOOD belay_str text_of(const buffer *b) { return (belay_str){b->at, b->len}; }

/* At most `to->cap` bytes, whole characters, no control bytes. */
GOOD void put_text(belay_text *to, belay_str from) {
   size_t len = from.len < to->cap ? (size_t)from.len : to->cap, i;
   if (to->ptr == NULL) return;
   while (len < from.len && len > 0 && ((unsigned char)from.ptr[len] & 0xC0) == 0x80) --len;
   for (i = 0; i < len; ++i) to->ptr[i] = (unsigned char)from.ptr[i] < 0x20 || from.ptr[i] == 0x7F ? ' ' : from.ptr[i];
   to->len = (uint32_t)len;
}

/* The status, with a sentence where the host wants to have one. */
GOOD belay_status fail(belay_error *error, belay_status status, const char *sentence) {
   if (error != NULL && BELAY_HAS(error, belay_error, text)) put_text(&error->text, (belay_str){sentence, strlen(sentence)});
   return status;
}

/* The value of a field, by its name; ptr NULL: there is none. */
GOOD belay_str field_value(belay_fields fields, const char *name) {
   const char *at = (const char *)fields.at;
   const size_t len = strlen(name);
   uint32_t i;
   for (i = 0; i < fields.count; ++i, at += fields.stride) {
      const belay_field *field = (const belay_field *)(const void *)at;
      if (field->name.len == len && memcmp(field->name.ptr, name, len) == 0) return field->value;
   }
   return (belay_str){NULL, 0};
}

/* Nothing that would end a header line or hide in it. */
GOOD int is_printable(belay_str text) {
   uint64_t i;
   for (i = 0; i < text.len; ++i) {
      if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F) return 0;
   }
   return 1;
}

/* The host of the process, from entry. */
static const belay_host *host;

GOOD const void *service(belay_str id) { return host != NULL ? host->get_extension(id) : NULL; }

#endif
