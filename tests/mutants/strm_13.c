// check: STRM-13
// implies: STRM-01 STRM-02 STRM-03 STRM-08 THRD-01 THRD-02 FUZZ-05
// Keeps a pointer to the last bytes of a piece, and reads them when the next one comes.
#include "good/good.h"

typedef struct late_exchange {
   exchange x;
   belay_bytes late;
} late_exchange;

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                          belay_error *error) {
   const belay_status status = good_begin(instance, request, credential, out, error);
   late_exchange *larger;
   if (status != BELAY_OK) return status;
   larger = realloc(*out, sizeof *larger);
   if (larger == NULL) {
      good_end(*out);
      return fail(error, BELAY_ERR_INTERNAL, "out of memory");
   }
   larger->late = (belay_bytes){NULL, 0};
   *out = (belay_exchange *)larger;
   return BELAY_OK;
}

static belay_status read_late(belay_exchange *handle, const belay_sink *sink, belay_error *error) {
   late_exchange *x = (late_exchange *)handle;
   const belay_bytes late = x->late;
   x->late.len = 0;
   return late.len != 0 ? good_on_body_chunk(handle, late, sink, error) : BELAY_OK;
}

static belay_status chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   belay_status status = read_late(handle, sink, error);
   /* "d", "da", "dat" of a line that goes on. */
   const uint64_t most = piece.len < 3 ? piece.len : 3;
   uint64_t rest = 0;
   while (rest < most && piece.ptr[piece.len - rest - 1] != '\n') ++rest;
   if (rest == most && most == 3) rest = 0;
   if (status == BELAY_OK && piece.len > rest) status = good_on_body_chunk(handle, (belay_bytes){piece.ptr, piece.len - rest}, sink, error);
   ((late_exchange *)handle)->late = (belay_bytes){piece.ptr + (piece.len - rest), rest};
   return status;
}

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   const belay_status status = read_late(handle, sink, error);
   return status == BELAY_OK ? good_finish(handle, how, sink, error) : status;
}

#define BEGIN begin
#define ON_BODY_CHUNK chunk
#define FINISH finish
#include "good/tables.h"
