// check: LOAD-08
// link: -Wl,-rpath,/opt/acme/lib
// Looks for its libraries in a folder of its own.
#include "good/tables.h"
