// check: LOAD-05
// Fills in another table when the same host comes again.
#define OWN_ENTRY
#include "good/tables.h"

belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
   static const belay_host *greeted;
   static belay_plugin other;
   const belay_status status = good_entry(hello, out, error);
   if (status == BELAY_OK && greeted == hello->host) {
      other = plugin;
      *out = &other;
   }
   if (greeted == NULL) greeted = hello->host;
   return status;
}
