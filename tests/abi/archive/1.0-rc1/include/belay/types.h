/* SPDX-License-Identifier: 0BSD
 *
 * The words that every other header uses: texts, bytes, statuses, errors. C99 and C++11; needs stddef.h and stdint.h alone. LP64 platforms.
 */
#ifndef BELAY_TYPES_H
#define BELAY_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include "belay/version.h"

#ifdef __cplusplus
extern "C" {
#endif

/* True when `ptr` points to a struct that is long enough to have `field` (P2). */
#define BELAY_HAS(ptr, type, field) ((ptr)->size >= offsetof(type, field) + sizeof((ptr)->field))

/* A text: UTF-8, not terminated; ptr may be NULL when len is 0. */
typedef struct belay_str {
   const char *ptr;
   uint64_t len;
} belay_str;

/* Bytes; ptr may be NULL when len is 0. */
typedef struct belay_bytes {
   const uint8_t *ptr;
   uint64_t len;
} belay_bytes;

/* What a function answers. 0 is fine, positive steers, negative failed; the bands say whose fault it is.
 * Both sides treat an unknown negative value like BELAY_ERR_INTERNAL and an unknown positive one like BELAY_OK. */
typedef int32_t belay_status;
#define BELAY_OK 0
#define BELAY_STOP 1                 /* the sink needs no more; return OK or STOP soon, end() will come */
#define BELAY_ERR_CONTRACT (-1000)   /* the caller broke this interface */
#define BELAY_ERR_UNSUPPORTED (-1001) /* an operation, wire, required member or option that this plugin does not know */
#define BELAY_ERR_INTERNAL (-1002)   /* the plugin cannot go on; memory, a bug */
#define BELAY_ERR_CONFIG (-2000)     /* the configuration is wrong; the text says which key */
#define BELAY_ERR_CREDENTIAL (-2001) /* the credential lacks something; the text says which field */
#define BELAY_ERR_PROTOCOL (-3000)   /* upstream sent what its wire does not allow */
#define BELAY_ERR_CANCELLED (-4000)
#define BELAY_ERR_DEADLINE (-4001)
#define BELAY_ERR_VENDOR (-1000000)  /* at and below: the plugin's own */

/* Memory of the host for a short text: the plugin writes at most `cap` bytes to `ptr`, cut on a character, and sets `len`. */
typedef struct belay_text {
   char *ptr;
   uint32_t cap;
   uint32_t len;
} belay_text;

/* Why a call failed, for people: one sentence, no secret (P20). Host memory; the plugin may leave it alone. `belay_error *` may be NULL. */
typedef struct belay_error {
   uint32_t size;
   int32_t code;      /* more exactly than the status, if there is more; else 0 */
   belay_text text;
} belay_error;

/* Handles. What the other side put in is `opaque`. */
typedef struct belay_ctx belay_ctx;           /* host: the instance or refresh that a host service is called for */
typedef struct belay_cancel belay_cancel;     /* host: asks whether to stop */
typedef struct belay_instance belay_instance; /* plugin: one configured account */
typedef struct belay_exchange belay_exchange; /* plugin: one HTTP exchange, or one run of an own transport */

/* A name and a value: HTTP headers (names in lower case), fields of a credential. */
#define BELAY_SECRET 1u   /* the value is a secret (P20) */
typedef struct belay_field {
   belay_str name;
   belay_str value;
   uint32_t flags;        /* BELAY_SECRET; unknown bits mean nothing */
   uint32_t reserved;
} belay_field;

/* An array of fields (P5). */
typedef struct belay_fields {
   const belay_field *at;
   uint32_t count;
   uint32_t stride;
} belay_fields;

/* Where fields are emitted to (P12). */
typedef struct belay_field_sink {
   uint32_t size;
   uint32_t flags;
   void *host;
   /* Copies one field. Returns OK, or STOP when the host wants no more. Called from inside the call that got the sink. */
   belay_status (*emit)(void *host, belay_str name, belay_str value, uint32_t flags);
} belay_field_sink;

/* Where bytes are emitted to. */
typedef struct belay_byte_sink {
   uint32_t size;
   uint32_t flags;
   void *host;
   belay_status (*emit)(void *host, belay_bytes piece);
} belay_byte_sink;

#ifdef __cplusplus
}
#endif

#endif
