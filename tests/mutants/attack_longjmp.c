// fires: STRM-01 REQ-01
// Jumps out of a call into the frame of one that has returned.
#include <setjmp.h>

#include "good/good.h"

static jmp_buf earlier;

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   if (setjmp(earlier) != 0) abort();
   return good_create(config, out, error);
}

static belay_status build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   if (handle != NULL) longjmp(earlier, 1);
   return good_build_request(handle, writer, error);
}

#define CREATE create
#define BUILD_REQUEST build_request
#include "good/tables.h"
