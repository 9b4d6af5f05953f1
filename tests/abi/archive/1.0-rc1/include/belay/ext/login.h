/* SPDX-License-Identifier: 0BSD
 *
 * belay.login/1 (plugin): a device-code login (RFC 8628) for `belay credential login`.
 */
#ifndef BELAY_EXT_LOGIN_H
#define BELAY_EXT_LOGIN_H

#include "belay/refresh.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BELAY_LOGIN_ID "belay.login/1"

/* Shows a person what to do. */
typedef struct belay_prompt {
   uint32_t size;
   uint32_t flags;
   void *host;
   /* Where to go, what to type there ("" when the address says it all), and until when (Unix ms; 0: not told). */
   belay_status (*show)(void *host, belay_str url, belay_str code, int64_t expires_unix_ms);
} belay_prompt;

typedef struct belay_login {
   uint32_t size;
   uint32_t flags;
   /* Like refresh_credentials(); emits the fields of the new login. REFRESHED, FAILED_... or REFRESH_CANCELLED. [refresh] */
   belay_status (*login)(belay_instance *instance, const belay_refresh_in *in, const belay_prompt *prompt, belay_refresh_out *out,
                         const belay_field_sink *sink, belay_error *error);
} belay_login;

#ifdef __cplusplus
}
#endif

#endif
