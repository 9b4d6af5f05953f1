// check: THRD-03
// classify_error() gives up when another thread is in it.
#include "good/good.h"

static int busy;

static belay_status classify_error(belay_instance *instance, const belay_failure *failure, belay_classification *out) {
   belay_status status;
   volatile int work;
   if (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE) != 0) return BELAY_ERR_INTERNAL;
   for (work = 0; work < 5000; ++work) { /* long enough that threads meet */
   }
   status = good_classify_error(instance, failure, out);
   __atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
   return status;
}

#define CLASSIFY_ERROR classify_error
#include "good/tables.h"
