// check: META-01
// Has no vendor.
#define VENDOR ""
#include "good/tables.h"
