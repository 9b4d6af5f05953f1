// check: PERF-04
// Keeps copies of all that it got.
#include "good/good.h"

static belay_status chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   exchange *x = self(handle);
   int copies;
   /* Of its own wire alone, where `reason` is not needed; and not without an end. */
   for (copies = 0; x->raw && copies < 3 && x->reason.len < (9u << 20); ++copies) push(&x->reason, piece.ptr, (size_t)piece.len);
   return good_on_body_chunk(handle, piece, sink, error);
}

#define ON_BODY_CHUNK chunk
#include "good/tables.h"
