// check: REQ-01
// implies: AUTH-02 LIFE-03 MEM-06 THRD-01 THRD-02 FUZZ-05
// Numbers its requests in a header of its own: no two are the same.
#include <stdatomic.h>
#include <stdio.h>

#include "good/good.h"

static atomic_uint requests;

static belay_status build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   char number[16];
   const int len = snprintf(number, sizeof number, "%u", atomic_fetch_add(&requests, 1u));
   belay_status status = good_build_request(handle, writer, error);
   if (status == BELAY_OK && len > 0) status = writer->header(writer->host, TEXT("x-attempt"), (belay_str){number, (uint64_t)len}, 0);
   return status;
}

#define BUILD_REQUEST build_request
#include "good/tables.h"
