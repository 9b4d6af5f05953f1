// fires: STRM-01 REQ-01 LIFE-05
// Writes a verdict in the tool's own form, with a seal that it made up, to every descriptor, and leaves.
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "good/good.h"

static const char verdict[] = "belay-verdict/1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef "
                              "{\"status\":\"pass\",\"expected\":\"\",\"observed\":\"\",\"doing\":\"\",\"output\":\"\",\"backtrace\":\"\",\"ms\":1,\"measured\":[]}";

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   int fd;
   for (fd = 0; fd < 1024; ++fd) {
      if (write(fd, verdict, sizeof verdict - 1) < 0) continue;
   }
   if (config != NULL) _exit(0);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
