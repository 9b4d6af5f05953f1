// check: META-05
// Lists one model twice.
#include "good/text.h"

static const belay_model twice[] = {{STATIC_TEXT("m1"), 128000, 4096, BELAY_CAP_STREAM, 0}, {STATIC_TEXT("m1"), 32000, 4096, BELAY_CAP_STREAM, 0}};

#define MODELS twice
#include "good/tables.h"
