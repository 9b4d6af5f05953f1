// check: LIFE-07
// Calls through what get_extension() gave without a look at it.
#include "good/good.h"

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   const belay_json *json = service(TEXT(BELAY_JSON_ID));
   belay_json_doc *volatile doc = json->parse(config->options, NULL);
   if (doc != NULL) json->release(doc);
   return good_create(config, out, error);
}

#define CREATE create
#include "good/tables.h"
