/* SPDX-License-Identifier: 0BSD
 *
 * What an exchange begins with: the caller's request and one credential; and the writer that takes the HTTP request.
 */
#ifndef BELAY_REQUEST_H
#define BELAY_REQUEST_H

#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One top-level member of the body. Both views point into belay_request.body. */
typedef struct belay_member {
   belay_str name;            /* as written between the quotes, escapes not decoded */
   belay_str value;           /* the whole JSON value, surrounding white space excluded */
} belay_member;

#define BELAY_REQUEST_STREAM 1u /* the caller wants events as they come; ask upstream for a stream */

/* The request of one attempt. `borrowed` from begin() until end(): the one input that outlives its call, so that a plugin of the same wire
 * copies spans and parses nothing. `model`, `stream` and adjusted members are already right in the body. */
typedef struct belay_request {
   uint32_t size;
   uint32_t flags;            /* BELAY_REQUEST_...; unknown bits mean nothing */
   belay_str operation;       /* "chat", "embeddings", "models"; an unknown one: begin() returns BELAY_ERR_UNSUPPORTED */
   belay_str wire;            /* of the body: one that the descriptor lists, or "" for canonical JSON of the operation */
   uint32_t canonical_version; /* of a canonical body; 1: that of OpenAI's Chat Completions or Embeddings API. A later one only adds members */
   uint32_t member_count;
   const belay_member *members; /* in order; count above, stride below (P5) */
   uint32_t member_stride;
   uint32_t required_count;
   const belay_str *required; /* names of members that must not be ignored; one that the plugin doesn't know: BELAY_ERR_UNSUPPORTED */
   belay_str model;           /* decoded */
   belay_str body;            /* one JSON object; "{}" for models */
   belay_str request_id;      /* of the call, for headers such as x-request-id; [A-Za-z0-9-] */
   int64_t deadline_ns;       /* of the attempt, on belay_host.mono_ns's clock */
} belay_request;

/* One credential at one generation, lent for one exchange. NULL instead of it: the provider is keyless. */
typedef struct belay_credential {
   uint32_t size;
   uint32_t flags;
   belay_str id;
   belay_str type;            /* "api_key", "oauth2", "exec" or one of the descriptor's */
   uint64_t generation;       /* grows when the secret changes */
   int64_t expires_unix_ms;   /* 0: unknown, -1: never */
   belay_fields fields;       /* "secret" for the simple types, more where a type has more */
} belay_credential;

/* Takes the HTTP request. line() once, then header()s, then body() any number of times. The host adds Host, Content-Length, the
 * configured headers, and refuses what is not legal: control bytes, transfer headers, another origin than the instance's unless the module's
 * note names it. Any status but OK: return it. */
typedef struct belay_http_writer {
   uint32_t size;
   uint32_t flags;
   void *host;
   belay_status (*line)(void *host, belay_str method, belay_str url);
   belay_status (*header)(void *host, belay_str name, belay_str value, uint32_t flags); /* BELAY_SECRET: holds a secret */
   /* Copies. */
   belay_status (*body)(void *host, belay_bytes piece);
   /* Sends belay_request.body as it is, without a copy; instead of body(). */
   belay_status (*body_as_given)(void *host);
} belay_http_writer;

/* The head of a 2xx reply. */
typedef struct belay_head {
   uint32_t size;
   int32_t status;
   belay_fields headers;      /* names in lower case, in order */
} belay_head;

#ifdef __cplusplus
}
#endif

#endif
