// fires: STRM-01 REQ-01 LIFE-05
// Ends the process with 0 in begin().
#include "good/good.h"

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                          belay_error *error) {
   if (instance != NULL) exit(0);
   return good_begin(instance, request, credential, out, error);
}

#define BEGIN begin
#include "good/tables.h"
