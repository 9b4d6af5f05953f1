// check: LOAD-03
// implies: LOAD-04 LOAD-05 LOAD-06 LOAD-07 LOAD-09 LOAD-11 LIFE-07 LIFE-09 MEM-04 MEM-05
// link: --no-defs
// Needs a function that no library has.
#include "good/good.h"

void acme_library_free(void *what);

static void destroy(belay_instance *instance) {
   if (instance == NULL) acme_library_free(instance);
   good_destroy(instance);
}

#define DESTROY destroy
#include "good/tables.h"
