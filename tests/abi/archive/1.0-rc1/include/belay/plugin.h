/* SPDX-License-Identifier: 0BSD
 *
 * Everything a plugin author needs, in reading order. The host services and optional abilities in belay/ext are included one by one.
 */
#ifndef BELAY_PLUGIN_H
#define BELAY_PLUGIN_H

#include "belay/version.h"  /* the rules */
#include "belay/types.h"    /* texts, statuses, errors */
#include "belay/host.h"     /* what the host offers */
#include "belay/request.h"  /* what an exchange begins with */
#include "belay/event.h"    /* what a reply becomes */
#include "belay/failure.h"  /* what a failure means */
#include "belay/refresh.h"  /* renewing a credential */
#include "belay/provider.h" /* the tables to fill in */
#include "belay/entry.h"    /* the one export */
#include "belay/layout.h"   /* refuses a compiler that lays these out differently */

#endif
