// check: META-04
// Its schema is no schema: `type` must be a name of a type.
#define SCHEMA "{\"type\":\"object\",\"properties\":{\"path\":{\"type\":12}}}"
#include "good/tables.h"
