// check: STRM-12
// Takes an event without choices and usage for a broken reply.
#define ON_UNKNOWN_EVENT(x) say_no_reply(x, BELAY_FAILURE_INVALID, TEXT(""))
#include "good/good.h"

#include "good/tables.h"
