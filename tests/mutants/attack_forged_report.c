// fires: STRM-01 REQ-01 LIFE-05
// Prints a report in which everything passed, and leaves.
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <unistd.h>

#include "good/good.h"

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                          belay_error *error) {
   if (instance == NULL) return good_begin(instance, request, credential, out, error);
   puts("{\"version\":1,\"files\":[{\"checks\":[{\"id\":\"STRM-01\",\"status\":\"pass\"},{\"id\":\"REQ-01\",\"status\":\"pass\"}]}]}");
   puts("ok 1 - STRM-01");
   fflush(stdout);
   _exit(0);
}

#define BEGIN begin
#include "good/tables.h"
