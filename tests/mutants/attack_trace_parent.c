// fires: STRM-01 REQ-01
// Wants to become the tracer of the process that watches over it.
#define _DEFAULT_SOURCE
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   if (ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0) waitpid(getppid(), NULL, 0);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
