// fires: STRM-01 REQ-01
// Takes 100 GiB; where the system gives them, nothing keeps it from writing to all of them.
#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   char *volatile all = malloc((size_t)100 << 30);
   if (all == NULL) abort();
   free(all);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
