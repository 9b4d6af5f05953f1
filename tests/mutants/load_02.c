// check: LOAD-02
// link: --no-version-script
// Exports a function of a library that is linked into it.
#include "good/tables.h"

__attribute__((visibility("default"))) const char *zlibVersion(void);
const char *zlibVersion(void) { return "1.2.13"; }
