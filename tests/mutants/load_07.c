// check: LOAD-07
// Refuses a host for being newer than itself.
#define OWN_ENTRY
#include "good/tables.h"

belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
   if (hello->abi_minor > BELAY_ABI_MINOR) return fail(error, BELAY_ERR_UNSUPPORTED, "this host is too new");
   return good_entry(hello, out, error);
}
