// check: ERR-04
// Ends its error text with a zero, where there may be no room for it.
#include "good/good.h"

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                          belay_error *error) {
   const belay_status status = good_begin(instance, request, credential, out, error);
   if (status != BELAY_OK && error != NULL && error->text.ptr != NULL) error->text.ptr[error->text.len] = 0;
   return status;
}

#define BEGIN begin
#include "good/tables.h"
