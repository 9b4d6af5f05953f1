// check: STRM-03
// implies: STRM-02 THRD-01 THRD-02 FUZZ-05
// Drops a backslash that ends a piece: the rest of the escape comes in the next one. (Byte by byte each piece is one character, which it leaves alone.)
#include "good/good.h"

static belay_status chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   if (piece.len > 8 && piece.ptr[piece.len - 1] == '\\') --piece.len;
   return good_on_body_chunk(handle, piece, sink, error);
}

#define ON_BODY_CHUNK chunk
#include "good/tables.h"
