// check: STRM-02
// implies: THRD-01 THRD-02 FUZZ-05
// Takes a comma at the end of a piece for a separator that can wait, and forgets it. (Byte by byte it is a piece of its own, which is kept.)
#include "good/good.h"

static belay_status chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   if (piece.len > 1 && piece.ptr[piece.len - 1] == ',') --piece.len;
   return good_on_body_chunk(handle, piece, sink, error);
}

#define ON_BODY_CHUNK chunk
#include "good/tables.h"
