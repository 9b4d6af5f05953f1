// check: META-03
// Has two providers of one type.
#include "good/good.h"

static const belay_descriptor *descriptor_at(uint32_t index);
static const belay_provider_api *api_at(uint32_t index);

#define PROVIDER_COUNT 2
#define DESCRIPTOR_AT descriptor_at
#define API_AT api_at
#include "good/tables.h"

static const belay_descriptor *descriptor_at(uint32_t index) { return index < 2 ? &about : NULL; }
static const belay_provider_api *api_at(uint32_t index) { return index < 2 ? &api : NULL; }
