// fires: REQ-01
// Never comes to an end.
#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   volatile int goes_on = 1;
   while (goes_on) {
   }
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
