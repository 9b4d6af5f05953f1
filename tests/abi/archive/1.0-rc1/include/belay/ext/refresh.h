/* SPDX-License-Identifier: 0BSD
 *
 * belay.refresh/1 (host): the refresh of the generic credential types, for providers with nothing special to do. `api_key`: the source is read
 * again. `oauth2`: RFC 6749 section 6. `exec`: the command is run again. Any other type: NOT_APPLICABLE.
 */
#ifndef BELAY_EXT_REFRESH_H
#define BELAY_EXT_REFRESH_H

#include "belay/refresh.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BELAY_REFRESH_ID "belay.refresh/1"

typedef struct belay_refresh {
   uint32_t size;
   uint32_t flags;
   /* Pass on what refresh_credentials() got. [refresh] */
   belay_status (*refresh)(const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error);
} belay_refresh;

#ifdef __cplusplus
}
#endif

#endif
