// check: LIFE-03
// The base URL stands in a static variable: the account that was made last answers for all.
#include "good/good.h"

static char latest[512];
static size_t latest_len;

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   const belay_status status = good_create(config, out, error);
   const account *one = (const account *)(status == BELAY_OK ? *out : NULL);
   if (one != NULL && one->url.len <= sizeof latest) memcpy(latest, one->url.at, latest_len = one->url.len);
   return status;
}

static belay_status build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   exchange *x = self(handle);
   const account *own = x->owner;
   account shared = {{latest, latest_len, latest_len}};
   belay_status status;
   x->owner = &shared;
   status = good_build_request(handle, writer, error);
   x->owner = own;
   return status;
}

#define CREATE create
#define BUILD_REQUEST build_request
#include "good/tables.h"
