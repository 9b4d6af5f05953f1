// fires: LOAD-03 LOAD-04
// Leaves a process behind while it is being mapped.
#define _XOPEN_SOURCE 700
#include <unistd.h>

#include "good/tables.h"

__attribute__((constructor)) static void hello(void) {
   if (fork() == 0) {
      setsid();
      for (;;) sleep(100);
   }
}
