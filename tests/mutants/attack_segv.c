// fires: STRM-01 REQ-01 LIFE-05
// Writes to where nothing is.
#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   char *volatile nowhere = NULL;
   *(volatile char *)(nowhere + 16) = 1;
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
