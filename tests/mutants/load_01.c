// check: LOAD-01
// implies: META-02
// Has no note: nobody can say what it is without running it.
#define OWN_NOTE
#include "good/tables.h"
