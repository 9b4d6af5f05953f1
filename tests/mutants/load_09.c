// check: LOAD-09
// Takes its time to say who it is.
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#define OWN_ENTRY
#include "good/tables.h"

belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
   const struct timespec a_while = {0, 110000000};
   nanosleep(&a_while, NULL);
   return good_entry(hello, out, error);
}
