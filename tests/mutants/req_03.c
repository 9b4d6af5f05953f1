// check: REQ-03
// Does not mark the header that holds the secret.
#define WRITE_HEADER(to, name, value, flags) (to)->header((to)->host, name, value, (flags) & ~BELAY_SECRET)
#include "good/between.h"

#define BUILD_REQUEST between_build
#include "good/tables.h"
