// check: MEM-01
// Forgets what it holds when an exchange is given up.
#include "good/good.h"

static void end(belay_exchange *handle) {
   exchange *x = self(handle);
   if (!x->over) x->lines.hold.at = NULL;
   good_end(handle);
}

#define END end
#include "good/tables.h"
