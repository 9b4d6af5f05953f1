// fires: STRM-01 REQ-01 LIFE-05
// Gives up.
#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   if (config != NULL) abort();
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
