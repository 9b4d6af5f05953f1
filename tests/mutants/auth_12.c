// check: AUTH-12
// Where a login is needed it asks on the terminal.
#include <fcntl.h>
#include <unistd.h>

#include "good/good.h"

static belay_status renew(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   const belay_status status = good_refresh_credentials(instance, in, out, sink, error);
   static const char question[] = "please log in and press return\n";
   char answer[16];
   const int terminal = out->outcome == BELAY_NEEDS_INTERACTION ? open("/dev/tty", O_RDWR | O_CLOEXEC) : -1;
   if (terminal < 0) return status;
   if (write(terminal, question, sizeof question - 1) > 0 && read(terminal, answer, sizeof answer) < 0) out->outcome = BELAY_FAILED_TRANSIENT;
   close(terminal);
   return status;
}

#define REFRESH_CREDENTIALS renew
#include "good/tables.h"
