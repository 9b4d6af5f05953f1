/* SPDX-License-Identifier: 0BSD
 *
 * belay.transport/1 (plugin): the plugin answers the exchange itself: offline providers, local models, wires that are not HTTP. Declared by
 * BELAY_CAP_OWN_TRANSPORT.
 */
#ifndef BELAY_EXT_TRANSPORT_H
#define BELAY_EXT_TRANSPORT_H

#include "belay/event.h"
#include "belay/request.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BELAY_TRANSPORT_ID "belay.transport/1"

typedef struct belay_transport {
   uint32_t size;
   uint32_t flags;
   /* Does the whole exchange between begin() and end() on a thread of the host: may block until the request's deadline, asks `cancel` often (or polls
    * belay_host.cancel_fd) and returns within 100 ms of it. Emits events by the grammar of belay/event.h.
    * OK after the terminal event; STOP after the sink said so; an error instead of a terminal event ends the attempt as invalid_reply with its text,
    * CANCELLED and DEADLINE as what they are. [transport & begun] */
   belay_status (*run)(belay_exchange *exchange, const belay_sink *sink, const belay_cancel *cancel, belay_error *error);
} belay_transport;

#ifdef __cplusplus
}
#endif

#endif
