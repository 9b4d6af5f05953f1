// check: LOAD-07
// implies: LIFE-09
// Copies the host's table in the size of a newer header (P3).
#define OWN_ENTRY
#include "good/tables.h"

struct newer_host {
   belay_host known;
   void *more[8];
};

belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
   static struct newer_host mine;
   if (hello->abi_major == BELAY_ABI_MAJOR) memcpy(&mine, hello->host, sizeof mine);
   return good_entry(hello, out, error);
}
