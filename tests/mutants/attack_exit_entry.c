// fires: LIFE-07 LIFE-09
// Ends the process with 0 when it is greeted.
#define OWN_ENTRY
#include "good/tables.h"

belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
   if (hello != NULL) exit(0);
   return good_entry(hello, out, error);
}
