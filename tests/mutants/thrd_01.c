// check: THRD-01
// implies: FUZZ-05
// Whether the caller speaks the plugin's wire stands in a static variable: right for the exchange that was begun last.
#include "good/good.h"

static int raw;

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                          belay_error *error) {
   const belay_status status = good_begin(instance, request, credential, out, error);
   if (status == BELAY_OK) __atomic_store_n(&raw, self(*out)->raw, __ATOMIC_RELAXED);
   return status;
}

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   self(handle)->raw = __atomic_load_n(&raw, __ATOMIC_RELAXED);
   return good_finish(handle, how, sink, error);
}

#define BEGIN begin
#define FINISH finish
#include "good/tables.h"
