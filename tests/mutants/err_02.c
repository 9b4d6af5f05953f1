// check: ERR-02
// Reads Retry-After by itself: a sign is a digit to it.
#include "good/good.h"

static belay_status classify(belay_instance *instance, const belay_failure *failure, belay_classification *out) {
   const belay_status status = good_classify_error(instance, failure, out);
   const belay_str after = field_value(failure->headers, "retry-after");
   uint64_t i = 0;
   uint64_t seconds = 0;
   const int negative = after.len != 0 && after.ptr[0] == '-';
   for (i = (uint64_t)negative; i < after.len && after.ptr[i] >= '0' && after.ptr[i] <= '9' && i < 12; ++i) seconds = seconds * 10 + (uint64_t)(after.ptr[i] - '0');
   if (after.len != 0 && i == after.len) out->retry_after_ms = (negative ? -1000 : 1000) * (int64_t)seconds;
   return status;
}

#define CLASSIFY_ERROR classify
#include "good/tables.h"
