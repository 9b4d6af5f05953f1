// check: FUZZ-01
// Has no name for some of the 2xx statuses.
#include "good/good.h"

static belay_status head_seen(belay_exchange *handle, const belay_head *head, const belay_sink *sink, belay_error *error) {
   if (head->status >= 250 && head->status < 260) __builtin_trap(); /* the table of names ends at 249 */
   return good_on_response_head(handle, head, sink, error);
}

#define ON_RESPONSE_HEAD head_seen
#include "good/tables.h"
