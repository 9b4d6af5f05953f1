/* SPDX-License-Identifier: 0BSD
 *
 * belay.json/1 (host): reading and writing JSON, so that a C provider needs no library and cannot be unsafe here. The reader checks the whole text
 * first (RFC 8259, UTF-8, no duplicate names, at most 96 levels).
 */
#ifndef BELAY_EXT_JSON_H
#define BELAY_EXT_JSON_H

#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BELAY_JSON_ID "belay.json/1"

/* belay_json_value.type. Treat an unknown one like ABSENT. */
#define BELAY_JSON_ABSENT 0u
#define BELAY_JSON_NULL 1u
#define BELAY_JSON_BOOL 2u
#define BELAY_JSON_NUMBER 3u
#define BELAY_JSON_STRING 4u
#define BELAY_JSON_ARRAY 5u
#define BELAY_JSON_OBJECT 6u

typedef struct belay_json_doc belay_json_doc;       /* host: one parsed text */
typedef struct belay_json_writer belay_json_writer; /* host: one text being written */

/* One value. Set size before the call (P4). */
typedef struct belay_json_value {
   uint32_t size;
   uint32_t type;
   const void *node;   /* opaque; valid as long as the document */
   belay_str string;   /* STRING: decoded; NUMBER: as written; valid as long as the document */
   int64_t integer;    /* NUMBER: its value when it fits exactly, else 0; BOOL: 0 or 1; ARRAY, OBJECT: how many elements */
   double number;      /* NUMBER */
} belay_json_value;

typedef struct belay_json {
   uint32_t size;
   uint32_t flags;

   /* Parses a text, which is copied. NULL with a text in `error` ("line 1, column 9: ...") when it is no JSON. [any] */
   belay_json_doc *(*parse)(belay_str text, belay_error *error);
   void (*release)(belay_json_doc *doc);

   /* The value that an RFC 6901 pointer leads to from `from` (NULL: the whole document); type ABSENT when it leads nowhere. [exchange] per document */
   void (*get)(const belay_json_doc *doc, const belay_json_value *from, belay_str pointer, belay_json_value *out);
   /* Element `index` of an array or object, and its name (may be NULL). */
   void (*element)(const belay_json_doc *doc, const belay_json_value *from, uint64_t index, belay_str *name, belay_json_value *out);

   /* A writer makes one value; names and values must alternate properly, else text() fails. */
   belay_json_writer *(*writer)(void);
   void (*begin)(belay_json_writer *to, uint32_t type); /* ARRAY or OBJECT */
   void (*end)(belay_json_writer *to);
   void (*name)(belay_json_writer *to, belay_str name);
   void (*string)(belay_json_writer *to, belay_str value); /* invalid UTF-8 becomes U+FFFD */
   void (*integer)(belay_json_writer *to, int64_t value);
   void (*real)(belay_json_writer *to, double value);
   void (*boolean)(belay_json_writer *to, int32_t value);
   void (*null)(belay_json_writer *to);
   void (*raw)(belay_json_writer *to, belay_str json); /* one value, copied as it is */
   /* The whole text, valid until the writer is released; BELAY_ERR_CONTRACT when it is not one whole value. */
   belay_status (*text)(belay_json_writer *to, belay_str *out);
   void (*release_writer)(belay_json_writer *to);
} belay_json;

#ifdef __cplusplus
}
#endif

#endif
