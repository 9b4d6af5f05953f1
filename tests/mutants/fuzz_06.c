// check: FUZZ-06
// Has room for so long a path and no longer, though its schema has no such limit.
#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   if (config->options.len > 1024) __builtin_trap(); /* char path[1024] */
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
