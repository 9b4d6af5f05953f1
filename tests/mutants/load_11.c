// check: LOAD-11
// Makes no instance while another copy of its file is mapped.
#define _GNU_SOURCE
#include <link.h>

#include "good/good.h"

extern const char __ehdr_start[] __attribute__((visibility("hidden"))); /* where this file is mapped: its head and build id */

static int count_copies(struct dl_phdr_info *object, size_t size, void *count) {
   (void)size;
   if (object->dlpi_addr != 0 && object->dlpi_name[0] == '/' && memcmp((const char *)object->dlpi_addr, __ehdr_start, 768) == 0) ++*(int *)count;
   return 0;
}

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   int copies = 0;
   dl_iterate_phdr(count_copies, &copies);
   if (copies > 1) return fail(error, BELAY_ERR_INTERNAL, "another copy of this plugin is loaded");
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
