// check: REQ-06
// Goes on when the writer refuses a header.
#define WRITE_HEADER(to, name, value, flags) ((void)(to)->header((to)->host, name, value, flags), BELAY_OK)
#include "good/between.h"

#define BUILD_REQUEST between_build
#include "good/tables.h"
