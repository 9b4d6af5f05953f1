// check: FUZZ-04
// Takes a header's value for a C string.
#include "good/good.h"

static belay_status head_seen(belay_exchange *handle, const belay_head *head, const belay_sink *sink, belay_error *error) {
   const belay_str type = field_value(head->headers, "content-type");
   volatile size_t length = type.ptr != NULL ? strlen(type.ptr) : 0;
   (void)length;
   return good_on_response_head(handle, head, sink, error);
}

#define ON_RESPONSE_HEAD head_seen
#include "good/tables.h"
