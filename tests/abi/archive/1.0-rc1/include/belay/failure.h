/* SPDX-License-Identifier: 0BSD
 *
 * Failures: what classify_error() is asked about, and what it answers. The plugin knows its provider's words; the host decides what is done.
 */
#ifndef BELAY_FAILURE_H
#define BELAY_FAILURE_H

#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* belay_failure.kind. An unknown one: answer BELAY_REASON_UNKNOWN. */
#define BELAY_FAILURE_STATUS 1u      /* a reply that is not 2xx */
#define BELAY_FAILURE_IN_REPLY 2u    /* an error object or error event inside a 2xx reply; `body` is it */
#define BELAY_FAILURE_INVALID 3u     /* a 2xx reply that is none; `body` is its beginning, or empty */
#define BELAY_FAILURE_CUT 4u         /* a reply that ended too early */

typedef struct belay_failure {
   uint32_t size;
   uint32_t kind;
   int32_t status;            /* HTTP status; 0: none */
   uint32_t flags;
   belay_fields headers;
   belay_bytes body;          /* of a non-2xx reply the first 64 KiB */
   belay_str code;            /* of an in-reply error, if the plugin found them while parsing; else empty */
   belay_str type;
   belay_str message;
   belay_str parameter;
} belay_failure;

/* belay_classification.reason. UNKNOWN leaves it to the host's table; the host reads an unknown number as UNKNOWN. */
#define BELAY_REASON_UNKNOWN 0u
#define BELAY_REASON_AUTH_REJECTED 1u
#define BELAY_REASON_QUOTA_EXHAUSTED 2u
#define BELAY_REASON_RATE_LIMITED 3u
#define BELAY_REASON_OVERLOADED 4u
#define BELAY_REASON_SERVER_ERROR 5u
#define BELAY_REASON_UNREACHABLE 6u
#define BELAY_REASON_TIMED_OUT 7u
#define BELAY_REASON_MODEL_UNAVAILABLE 8u
#define BELAY_REASON_PERMISSION_DENIED 9u
#define BELAY_REASON_INVALID_REPLY 10u
#define BELAY_REASON_UNSUPPORTED_PARAMETER 11u
#define BELAY_REASON_CONTEXT_TOO_LONG 12u
#define BELAY_REASON_REQUEST_TOO_LARGE 13u
#define BELAY_REASON_BAD_REQUEST 14u
#define BELAY_REASON_CONTENT_REFUSED 15u

/* belay_classification.scope: what the failure says something about. DEFAULT: what the host's table has for the reason; a plugin may only narrow that. */
#define BELAY_SCOPE_DEFAULT 0u
#define BELAY_SCOPE_REQUEST 1u
#define BELAY_SCOPE_TARGET 2u
#define BELAY_SCOPE_CREDENTIAL_MODEL 3u
#define BELAY_SCOPE_CREDENTIAL 4u
#define BELAY_SCOPE_ENDPOINT 5u

/* Filled in by the host with what DEFAULT means (size, texts with room, -1) before the call. */
typedef struct belay_classification {
   uint32_t size;
   uint32_t reason;
   uint32_t scope;
   uint32_t flags;
   int64_t retry_after_ms;    /* -1: not told. The host has read Retry-After itself; set it only from other places */
   int64_t reset_unix_ms;     /* when a quota or limit is renewed; -1: not told */
   int64_t affordable_tokens; /* output size that the account can still pay for; -1: not told */
   belay_text message;        /* upstream's own words, for people */
   belay_text parameter;      /* of UNSUPPORTED_PARAMETER: the top-level member that was refused */
   belay_text rename;         /* and its new name, if the reply names one */
} belay_classification;

#ifdef __cplusplus
}
#endif

#endif
