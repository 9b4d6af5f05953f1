// check: META-08
// Writes the latest account's address into its descriptor.
#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error);

#define ABOUT_CONST
#define CREATE create
#include "good/tables.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   about.reserved = (uint32_t)config->base_url.len;
   return good_create(config, out, error);
}
