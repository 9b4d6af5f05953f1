// check: PERF-01
// Does far too much for each byte of a reply.
#include "good/good.h"

static uint64_t done; /* not for ever: other checks give it gigabytes */

static belay_status chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   uint64_t i;
   volatile uint32_t sum = 0;
   for (i = 0; i < piece.len && __atomic_load_n(&done, __ATOMIC_RELAXED) < (64u << 20); ++i) {
      int turn;
      for (turn = 0; turn < 100; ++turn) sum = sum * 31 + piece.ptr[i];
   }
   __atomic_add_fetch(&done, piece.len, __ATOMIC_RELAXED);
   return good_on_body_chunk(handle, piece, sink, error);
}

#define ON_BODY_CHUNK chunk
#include "good/tables.h"
