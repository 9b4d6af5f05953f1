// check: LIFE-01
// implies: MEM-01
// create() allocates a copy of the name that nobody frees.
#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   char *volatile name = malloc((size_t)config->name.len + 32);
   if (name != NULL) memcpy(name, config->name.ptr, (size_t)config->name.len);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
