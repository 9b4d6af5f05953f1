// check: REQ-05
// Never looks at what must not be ignored.
#include "good/good.h"

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                          belay_error *error) {
   belay_request nothing_required = *request;
   belay_status status;
   nothing_required.required_count = 0;
   status = good_begin(instance, &nothing_required, credential, out, error);
   if (status == BELAY_OK) self(*out)->request = request;
   return status;
}

#define BEGIN begin
#include "good/tables.h"
