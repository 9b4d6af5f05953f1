// check: LIFE-09
// Cuts the base URL with a NUL to hand it to a C function, and puts back what stood there.
#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   if (config->base_url.len > 8) {
      volatile char *last = (char *)(size_t)(config->base_url.ptr + config->base_url.len - 1);
      const char kept = *last;
      *last = 0;
      *last = kept;
   }
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
