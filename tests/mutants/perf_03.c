// check: PERF-03
// Looks for the end of a line from the beginning of what it holds with every piece.
#include "good/good.h"

static belay_status chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   const buffer *hold = &self(handle)->lines.hold;
   const size_t len = hold->len < (4u << 20) ? hold->len : 4u << 20; /* more would be other checks' hour */
   volatile int found = len != 0 && memchr(hold->at, '\n', len) != NULL;
   (void)found;
   return good_on_body_chunk(handle, piece, sink, error);
}

#define ON_BODY_CHUNK chunk
#include "good/tables.h"
