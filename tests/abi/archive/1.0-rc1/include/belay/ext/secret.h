/* SPDX-License-Identifier: 0BSD
 *
 * belay.secret/1 (host): reads a source of the credential that is being refreshed once more; no other credential's.
 */
#ifndef BELAY_EXT_SECRET_H
#define BELAY_EXT_SECRET_H

#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BELAY_SECRET_ID "belay.secret/1"

typedef struct belay_secret {
   uint32_t size;
   uint32_t flags;
   /* `source` is its key in the configuration: "source", "refresh_token", ... Emits one field of that name, BELAY_SECRET set.
    * OK; CREDENTIAL with a text when the source yields nothing. [refresh] */
   belay_status (*read)(belay_ctx *ctx, belay_str source, const belay_field_sink *sink, belay_error *error);
} belay_secret;

#ifdef __cplusplus
}
#endif

#endif
