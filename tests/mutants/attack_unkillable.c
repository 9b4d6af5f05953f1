// fires: REQ-01
// Has a handler for every signal, blocks them all, and waits for ever.
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <unistd.h>

#include "good/good.h"

static void nothing(int signal) { (void)signal; }

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   sigset_t all;
   int number;
   for (number = 1; number < 65; ++number) signal(number, nothing);
   sigfillset(&all);
   sigprocmask(SIG_BLOCK, &all, NULL);
   for (;;) pause();
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
