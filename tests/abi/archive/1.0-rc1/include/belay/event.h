/* SPDX-License-Identifier: 0BSD
 *
 * Events: what a plugin makes of a reply. One exchange emits one of
 *
 *     MESSAGE_START  ( TEXT | REASONING | REFUSAL | TOOL_BEGIN TOOL_ARGS* TOOL_END | USAGE | PING )*  ( STOP | ERROR )
 *     RAW*  ERROR?           where the request's wire is one that the descriptor lists: the host finds content, usage, errors and the end in them
 *     RESULT                 embeddings, models
 *     ERROR                  a reply that is none
 *
 * Tools are balanced by index and may interleave; ERROR may come while some are open. USAGE is cumulative. STOP, ERROR and RESULT are the last
 * event; by the end of finish() there was one of them, or RAW. After the sink said STOP, and in finish(BELAY_FINISH_FAILED), nothing is emitted.
 */
#ifndef BELAY_EVENT_H
#define BELAY_EVENT_H

#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* belay_event.type. The host skips a type that it does not know. */
#define BELAY_EVENT_MESSAGE_START 1u /* a: upstream's id of the reply; b: the model that answers, as upstream names it */
#define BELAY_EVENT_TEXT 2u          /* a: the next piece of the answer; whole characters */
#define BELAY_EVENT_REASONING 3u     /* a: the next piece of reasoning text */
#define BELAY_EVENT_REFUSAL 4u       /* a: the next piece of a refusal in the model's own words */
#define BELAY_EVENT_TOOL_BEGIN 5u    /* index; a: id of the call; b: name of the tool */
#define BELAY_EVENT_TOOL_ARGS 6u     /* index; a: the next piece of the arguments' JSON text */
#define BELAY_EVENT_TOOL_END 7u      /* index */
#define BELAY_EVENT_USAGE 8u         /* usage */
#define BELAY_EVENT_STOP 9u          /* num: BELAY_STOPPED_...; a: upstream's own word for it */
#define BELAY_EVENT_ERROR 10u        /* failure: an error told inside a 200 reply, or a reply cut short; goes to classify_error */
#define BELAY_EVENT_PING 11u         /* upstream lives; no progress */
#define BELAY_EVENT_RAW 12u          /* a: one whole upstream event (the data of a server-sent event) or the whole unstreamed body; b: its event name */
#define BELAY_EVENT_RESULT 13u       /* a: the whole canonical reply, JSON */

/* belay_event.num of STOP. The host reads an unknown one as BELAY_STOPPED_OTHER. */
#define BELAY_STOPPED_END 1
#define BELAY_STOPPED_LENGTH 2
#define BELAY_STOPPED_TOOLS 3
#define BELAY_STOPPED_FILTER 4
#define BELAY_STOPPED_OTHER 5

/* Tokens of the whole reply so far; -1: not told. */
typedef struct belay_usage {
   uint32_t size;
   uint32_t flags;
   int64_t prompt;            /* cached and cache_write included */
   int64_t completion;        /* reasoning included */
   int64_t cached;            /* read from a prompt cache */
   int64_t cache_write;       /* written to a prompt cache */
   int64_t reasoning;
   int64_t audio;
} belay_usage;

/* What became of the attempt when it did not end well; see belay/failure.h. */
struct belay_failure;

typedef struct belay_event {
   uint32_t size;
   uint32_t type;
   uint32_t flags;
   uint32_t index;            /* of the tool call, from 0 */
   belay_str a;
   belay_str b;
   int64_t num;
   const belay_usage *usage;
   const struct belay_failure *failure;
} belay_event;

/* Where events go. */
typedef struct belay_sink {
   uint32_t size;
   uint32_t flags;
   void *host;
   /* Copies one event before it returns. OK, or STOP: the host is done with this exchange, emit nothing more and return. */
   belay_status (*emit)(void *host, const belay_event *event);
} belay_sink;

#ifdef __cplusplus
}
#endif

#endif
