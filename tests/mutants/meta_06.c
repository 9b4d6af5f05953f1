// check: META-06
// Says that it does embeddings, which is not among its operations.
#define CAPS (BELAY_CAP_STREAM | BELAY_CAP_TOOLS | BELAY_CAP_REASONING | BELAY_CAP_KEYLESS | BELAY_CAP_EMBEDDINGS)
#include "good/tables.h"
