/* SPDX-License-Identifier: 0BSD
 *
 * belay.http/1 (host): one HTTP exchange during refresh_credentials() or a login. The host's proxies, CAs, deadline and cancel apply; a secret goes
 * only to the origins that the credential is bound to; redirects are not followed. The first request of a refresh makes the host note durably that
 * one is under way.
 */
#ifndef BELAY_EXT_HTTP_H
#define BELAY_EXT_HTTP_H

#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BELAY_HTTP_ID "belay.http/1"

typedef struct belay_http_request {
   uint32_t size;
   uint32_t flags;       /* BELAY_SECRET: the body holds a secret */
   belay_str method;
   belay_str url;
   belay_fields headers;
   belay_bytes body;
} belay_http_request;

/* Takes the reply: head() once, body() any number of times, at most 1 MiB in all. */
typedef struct belay_http_reply {
   uint32_t size;
   uint32_t flags;
   void *plugin;         /* the plugin's own */
   belay_status (*head)(void *plugin, int32_t status, belay_fields headers);
   belay_status (*body)(void *plugin, belay_bytes piece);
} belay_http_reply;

typedef struct belay_http {
   uint32_t size;
   uint32_t flags;
   /* Blocks until the reply is whole. `ctx` is belay_refresh_in.ctx or the login's. OK; PROTOCOL with a text when there is no reply; CANCELLED,
    * DEADLINE; CONTRACT where it may not be called or the origin is not allowed. [refresh] */
   belay_status (*perform)(belay_ctx *ctx, const belay_http_request *request, const belay_http_reply *reply, belay_error *error);
} belay_http;

#ifdef __cplusplus
}
#endif

#endif
