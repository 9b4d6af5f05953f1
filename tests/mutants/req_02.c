// check: REQ-02
// Repeats the model in a header, whatever is in it.
#include "good/good.h"

static belay_status build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   const belay_str model = self(handle)->request->model;
   belay_status status = write_line(self(handle), writer);
   if (status == BELAY_OK) status = writer->header(writer->host, TEXT("x-model"), model, 0);
   if (status == BELAY_OK) status = writer->header(writer->host, TEXT("content-type"), TEXT("application/json"), 0);
   if (status == BELAY_OK && self(handle)->credential != NULL) status = write_secret(self(handle), writer, error);
   return status == BELAY_OK ? write_body(self(handle), writer) : status;
}

#define BUILD_REQUEST build_request
#include "good/tables.h"
