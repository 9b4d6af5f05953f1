// check: AUTH-13
// Takes tokens as they come, line breaks and all.
#define FITS_HEADER(token) ((token).len != 0)
#include "good/good.h"

#include "good/tables.h"
