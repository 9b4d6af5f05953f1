// check: LIFE-02
// Sets *out to an instance that it has already given back when it refuses a base_url.
#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   if (!is_base_url(config->base_url)) *out = NULL;
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
