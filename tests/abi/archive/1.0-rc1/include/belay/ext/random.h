/* SPDX-License-Identifier: 0BSD
 *
 * belay.random/1 (host): bytes that nobody can guess, from the kernel.
 */
#ifndef BELAY_EXT_RANDOM_H
#define BELAY_EXT_RANDOM_H

#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BELAY_RANDOM_ID "belay.random/1"

typedef struct belay_random {
   uint32_t size;
   uint32_t flags;
   /* Fills `len` bytes. [any] */
   void (*fill)(uint8_t *to, uint64_t len);
} belay_random;

#ifdef __cplusplus
}
#endif

#endif
