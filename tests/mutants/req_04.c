// check: REQ-04
// Has room for 64 KiB of a request.
#include "good/good.h"

static belay_status build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   if (self(handle)->request->body.len > 65536) return fail(error, BELAY_ERR_INTERNAL, "the request is too large");
   return good_build_request(handle, writer, error);
}

#define BUILD_REQUEST build_request
#include "good/tables.h"
