/* A plugin whose file is as it should be until it is mapped. */
#include "belay/plugin.h"

__attribute__((constructor)) static void crash(void) { __builtin_trap(); }

belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
  (void)hello;
  (void)out;
  (void)error;
  return BELAY_ERR_INTERNAL;
}
