// check: MEM-06
// classify_error() uses what malloc() gave unseen.
#include "good/good.h"

static belay_status classify_error(belay_instance *instance, const belay_failure *failure, belay_classification *out) {
   char *volatile copy = malloc((size_t)failure->body.len + 1);
   belay_status status;
   ((volatile char *)copy)[failure->body.len] = 0;
   if (failure->body.len != 0) memcpy(copy, failure->body.ptr, (size_t)failure->body.len);
   status = good_classify_error(instance, failure, out);
   free(copy);
   return status;
}

#define CLASSIFY_ERROR classify_error
#include "good/tables.h"
