// fires: MEM-03
// Leaves files behind, in folders that may not be read.
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   static int count;
   char folder[64], file[80];
   int fd;
   snprintf(folder, sizeof folder, "left-behind-%d", count++);
   snprintf(file, sizeof file, "%s/file", folder);
   mkdir(folder, 0700);
   fd = open(file, O_CREAT | O_WRONLY, 0400);
   if (fd >= 0) close(fd);
   chmod(folder, 0);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
