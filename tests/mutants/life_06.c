// check: LIFE-06
// Looks for certificates while it is made.
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   if (access("/etc/ssl/certs/ca-certificates.crt", R_OK) != 0) return good_create(config, out, error);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
