/* SPDX-License-Identifier: 0BSD
 *
 * refresh_credentials(): what the host asks for when a credential was refused or runs out, and what a plugin may answer.
 *
 * The host has seen to it already that this credential is refreshed once at a time, in this process and others, and that nobody else renewed it.
 * It stores what is emitted, durably, before anyone uses it. A plugin keeps nothing and writes no file.
 */
#ifndef BELAY_REFRESH_H
#define BELAY_REFRESH_H

#include "belay/failure.h"
#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* belay_refresh_in.cause. Treat an unknown one like REJECTED. */
#define BELAY_CAUSE_REJECTED 1u   /* upstream said 401, or something that means it */
#define BELAY_CAUSE_FORBIDDEN 2u  /* upstream said 403 in a way that a fresh credential may cure */
#define BELAY_CAUSE_MISSING 3u    /* there is no access token yet */
#define BELAY_CAUSE_EXPIRED 4u    /* it has run out */
#define BELAY_CAUSE_ADVISORY 5u   /* it runs out soon; the old one serves meanwhile */
#define BELAY_CAUSE_OPERATOR 6u   /* a person asked for it */

/* belay_refresh_out.outcome. The host reads an unknown one as FAILED_TRANSIENT. */
#define BELAY_REFRESHED 1u          /* the emitted fields are new: retry once */
#define BELAY_UNCHANGED 2u          /* the credential is still believed good; nothing new to try */
#define BELAY_NOT_APPLICABLE 3u     /* nothing here can be refreshed (a plain key) */
#define BELAY_FAILED_TRANSIENT 4u   /* may work later: network, 5xx, overload, a reply that makes no sense */
#define BELAY_FAILED_PERMANENT 5u   /* will not work until the secret changes: invalid_grant and the like */
#define BELAY_NEEDS_INTERACTION 6u  /* a person must log in; the error text says where */
#define BELAY_REFRESH_CANCELLED 7u

typedef struct belay_refresh_in {
   uint32_t size;
   uint32_t cause;
   belay_ctx *ctx;            /* for host services during this call */
   belay_str id;
   belay_str type;
   uint64_t failed_generation;
   belay_fields fields;       /* all of the credential: tokens, refresh token, plain settings such as token_url */
   int64_t expires_unix_ms;   /* 0: unknown, -1: never */
   const belay_failure *failure; /* the reply that led here (body: first 8 KiB), or NULL */
   int64_t deadline_ns;       /* on belay_host.mono_ns's clock; return before it */
   const belay_cancel *cancel;
   uint32_t flags;            /* unknown bits mean nothing */
   uint32_t attempt;          /* from 1 */
} belay_refresh_in;

#define BELAY_REFRESH_CONNECTION_BOUND 1u /* belay_refresh_out.flags: open connections carry the old credential (client certificates) */

typedef struct belay_refresh_out {
   uint32_t size;
   uint32_t outcome;
   uint32_t flags;
   uint32_t reserved;
   int64_t expires_unix_ms;   /* 0: unknown, -1: never */
   int64_t refresh_after_unix_ms; /* when to refresh ahead of need; 0: the host's own rule */
   int64_t retry_after_ms;    /* of a transient failure; -1: not told */
} belay_refresh_out;

#ifdef __cplusplus
}
#endif

#endif
