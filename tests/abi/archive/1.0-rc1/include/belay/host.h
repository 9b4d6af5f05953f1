/* SPDX-License-Identifier: 0BSD
 *
 * What the host offers every plugin. More is behind get_extension(); see belay/ext.
 */
#ifndef BELAY_HOST_H
#define BELAY_HOST_H

#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* log()'s level. An unknown one is INFO. */
#define BELAY_LOG_DEBUG 1u
#define BELAY_LOG_INFO 2u
#define BELAY_LOG_WARN 3u
#define BELAY_LOG_ERROR 4u
#define BELAY_LOG_HOST_MISBEHAVING 5u   /* the host broke this interface */
#define BELAY_LOG_PLUGIN_MISBEHAVING 6u /* the plugin noticed a bug of its own */

/* `static` until the process ends. */
typedef struct belay_host {
   uint32_t size;
   uint32_t abi_major;
   uint32_t abi_minor;
   uint32_t flags;
   belay_str name;    /* "belay" */
   belay_str version; /* "0.1.0" */

   /* One line for the log; the host adds who and when, limits the rate, and takes known secrets out.
    * `ctx` of an instance or refresh, or NULL. [any] */
   void (*log)(belay_ctx *ctx, uint32_t level, belay_str message);

   /* Nanoseconds on a clock that only goes forward. [any] */
   int64_t (*mono_ns)(void);

   /* Milliseconds since 1970-01-01 UTC. [any] */
   int64_t (*unix_ms)(void);

   /* 1 when the call that came with `cancel` should end; 0 for NULL. [any] */
   int32_t (*cancelled)(const belay_cancel *cancel);

   /* A descriptor that turns readable when cancelled, for plugins that poll; the host's, never close or read it. -1 for NULL. [any] */
   int32_t (*cancel_fd)(const belay_cancel *cancel);

   /* A host service by id ("belay.json/1"), `static`; NULL when this host lacks it. [any] */
   const void *(*get_extension)(belay_str id);
} belay_host;

#ifdef __cplusplus
}
#endif

#endif
