// check: MEM-03
// Leaves a descriptor open.
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "good/good.h"

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   static int done;
   int ends[2];
   if (__atomic_exchange_n(&done, 1, __ATOMIC_RELAXED) == 0 && pipe(ends) == 0) close(ends[0]);
   return good_finish(handle, how, sink, error);
}

#define FINISH finish
#include "good/tables.h"
