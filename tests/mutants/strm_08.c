// check: STRM-08
// Takes a byte order mark for garbage.
#include "good/good.h"

static belay_status chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   if (self(handle)->kind == undecided && piece.len != 0 && *piece.ptr == 0xEF) return fail(error, BELAY_ERR_PROTOCOL, "the reply begins with garbage");
   return good_on_body_chunk(handle, piece, sink, error);
}

#define ON_BODY_CHUNK chunk
#include "good/tables.h"
