// check: LOAD-06
// Does not look at the host's major.
#define OWN_ENTRY
#include "good/tables.h"

belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
   belay_hello as_ours = *hello;
   as_ours.abi_major = BELAY_ABI_MAJOR;
   return good_entry(&as_ours, out, error);
}
