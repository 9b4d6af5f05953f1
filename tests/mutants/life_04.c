// check: LIFE-04
// implies: FUZZ-05
// Has one slot for the exchange that is not built yet, and cannot end another one.
#include "good/good.h"

static belay_exchange *unbuilt;

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                          belay_error *error) {
   const belay_status status = good_begin(instance, request, credential, out, error);
   if (status == BELAY_OK) unbuilt = *out;
   return status;
}

static belay_status build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   self(handle)->mark = 1; /* built */
   return good_build_request(handle, writer, error);
}

static void end(belay_exchange *handle) {
   if (!self(handle)->mark && unbuilt != handle) abort();
   unbuilt = NULL;
   good_end(handle);
}

#define BEGIN begin
#define BUILD_REQUEST build_request
#define END end
#include "good/tables.h"
