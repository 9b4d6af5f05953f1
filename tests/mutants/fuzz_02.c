// check: FUZZ-02
// Believes that a tool call's index is one of an array.
#include "good/good.h"

static belay_status chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   static const char negative[] = "\"tool_calls\":[{\"index\":-1,\"";
   const size_t len = sizeof negative - 1;
   uint64_t i;
   for (i = 0; i + len <= piece.len; ++i) {
      if (memcmp(piece.ptr + i, negative, len) == 0) __builtin_trap(); /* calls[-1] */
   }
   return good_on_body_chunk(handle, piece, sink, error);
}

#define ON_BODY_CHUNK chunk
#include "good/tables.h"
