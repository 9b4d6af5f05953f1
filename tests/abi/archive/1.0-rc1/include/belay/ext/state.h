/* SPDX-License-Identifier: 0BSD
 *
 * belay.state/1 (host): small notes of an instance that outlive the process and are shared with other processes. Never for secrets (P20).
 */
#ifndef BELAY_EXT_STATE_H
#define BELAY_EXT_STATE_H

#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BELAY_STATE_ID "belay.state/1"

typedef struct belay_state {
   uint32_t size;
   uint32_t flags;
   /* Keys: [a-z0-9._-], at most 128 bytes; values at most 16 KiB. `ctx` of the instance or of a refresh. May do file I/O: not in [exchange]. */
   /* Emits the value; nothing when there is none. [control, refresh, transport] */
   belay_status (*get)(belay_ctx *ctx, belay_str key, const belay_byte_sink *sink, belay_error *error);
   /* Replaces the value; an empty one erases it. [control, refresh, transport] */
   belay_status (*put)(belay_ctx *ctx, belay_str key, belay_bytes value, belay_error *error);
} belay_state;

#ifdef __cplusplus
}
#endif

#endif
